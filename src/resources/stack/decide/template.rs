//! What a plan says of a template alone.

use crate::outcome::{Error, Result};
use crate::resources::stack::loaded::Loaded;
use crate::tf::{AttributePath, Diagnostics, Report};

/// Warns of what is strange about a template. `refused`: CloudFormation's word against one that was not understood here.
pub fn check(loaded: &Loaded, refused: Option<&str>, d: &mut Diagnostics) -> Result<()> {
    let at = || AttributePath::new(loaded.at);
    if loaded.kept {
        let detail = "The stack keeps the template it has. To change it, put the file back; a deletion needs no file.";
        d.warn_at(at(), "The template file is gone", detail);
    }
    understood(loaded, refused, d)?;
    let Some(template) = loaded.known() else { return Ok(()) };
    for excess in template.excess() {
        let detail = format!("{excess} Split it into nested stacks.");
        d.fail_at(at(), "The template is larger than CloudFormation takes", detail);
    }
    if !template.doubled.is_empty() {
        let detail = format!(
            "{}: of two entries of one name CloudFormation takes the last, and so does this plan. Keep one of them.",
            template.doubled.join(", ")
        );
        d.warn_at(at(), "A key stands twice in the template", detail);
    }
    Ok(())
}

fn understood(loaded: &Loaded, refused: Option<&str>, d: &mut Diagnostics) -> Result<()> {
    let Err(misread) = &loaded.template else { return Ok(()) };
    if loaded.stays {
        return Ok(());
    }
    let at = AttributePath::new(loaded.at);
    let wrong = format!("What is wrong: {}.", misread.why);
    let next =
        format!("Give `{}` the template that Quilt has sent you, in YAML or JSON.", loaded.at);
    let why = match refused {
        _ if misread.certain && misread.why.contains([';', '.']) => Some(wrong.clone()),
        _ if misread.certain => Some(format!("{wrong} {next}")),
        refused => refused.map(|why| format!("CloudFormation says: {why}")),
    };
    if let Some(why) = why {
        return Err(Error::config(at, "This is not a CloudFormation template.", why));
    }
    let blind =
        "Parameters are not checked before the apply, and a change of layout counts as a change.";
    d.warn_at(at, "The template was not understood here", format!("{wrong} {blind}"));
    Ok(())
}
