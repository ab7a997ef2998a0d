//! Data source `quilt_template`: what a template declares and takes, before anything is built from it.

use std::collections::BTreeMap;

use async_trait::async_trait;

use crate::attributes;
use crate::cx::Cx;
use crate::kinds::data_source::DataSource;
use crate::outcome::{Error, Result};
use crate::resources::stack::{Loaded, StackState, load_template};
use crate::tf::{AttributePath, Diagnostics, Report, Set, Value};

mod content;

attributes! {
    /// A parameter of a template.
    pub struct TemplateParameter {
        /// Its name.
        name: String = Computed;
        /// `String`, `Number`, `CommaDelimitedList`, `List<…>` or an AWS type.
        parameter_type: String = Computed;
        /// What holds when it is not given. Null: it has no default, or it is secret.
        default: String = Computed;
        /// What it is, in the template's own words.
        description: String = Computed;
        /// Whether it is secret: CloudFormation never shows it.
        no_echo: bool = Computed;
        /// Whether a new stack must be given it.
        required: bool = Computed;
        /// The argument of `quilt_stack` that brings it, as `web_host`, `network` or `database`. Null: `parameters` alone, or, where it is secret, `parameters_wo`.
        argument: String = Computed;
        /// The only values it takes, or each item of a list. Empty: any.
        allowed_values: Vec<Value<String>> = Computed;
        /// A regular expression of the whole value, or of each item of a list.
        allowed_pattern: String = Computed;
        /// What the template says where a value does not fit.
        constraint_description: String = Computed;
        /// The fewest characters.
        min_length: i64 = Computed;
        /// The most characters.
        max_length: i64 = Computed;
        /// The least number.
        min_value: String = Computed;
        /// The greatest number.
        max_value: String = Computed;
    }
}

attributes! {
    /// What a template from Quilt, or any other of CloudFormation's, declares and takes: its parameters with their constraints, and which network,
    /// database, search domain and sign-in it is for. From a file or a text it is read offline: no AWS account is needed. Exactly one of
    /// `template_file`, `template_body` and `template_url` is given.
    pub struct TemplateLookup {
        /// Path of the template.
        template_file: String = Optional;
        /// The template itself.
        template_body: String = Optional;
        /// Where the template stands in S3, as `https://BUCKET.s3.REGION.amazonaws.com/KEY`.
        template_url: String = Optional;
        /// Names of parameters that a configuration gives, and of objects that it has (`network`, `database`, `search`), for `missing`.
        given: Set<Value<String>> = Optional;
        /// What the template says that it is.
        description: String = Computed;
        /// Version of Quilt that it was built for. Null where the template does not tell.
        quilt_version: String = Computed;
        /// Its parameters, in the order of the alphabet.
        parameters: Vec<Value<TemplateParameter>> = Computed;
        /// Parameters that a new stack must be given.
        required_parameters: Vec<Value<String>> = Computed;
        /// Parameters that a new stack must be given, and that are neither in `given` nor brought by an argument or object in it. An administrator's
        /// password is not among them: the provider makes one.
        missing: Vec<Value<String>> = Computed;
        /// Names of its outputs.
        outputs: Vec<Value<String>> = Computed;
        /// Types of its resources, by logical id.
        resources: BTreeMap<String, String> = Computed;
        /// What CloudFormation must be allowed to do: `CAPABILITY_NAMED_IAM` and the like.
        capabilities: Set<String> = Computed;
        /// The network's generation: `1.0` or `2.0`. Null for a template that is not Quilt's.
        network_version: String = Computed;
        /// Whether it takes a network by its ids. `false`: it makes its own, or none.
        takes_network: bool = Computed;
        /// Whether users reach it from inside only. Null where the parameters do not tell.
        internal: bool = Computed;
        /// Whether it takes a database that stands beside the stack.
        takes_database: bool = Computed;
        /// Whether it makes a database of its own.
        makes_database: bool = Computed;
        /// Whether it takes a search domain that stands beside the stack.
        takes_search: bool = Computed;
        /// Whether it makes a search domain of its own.
        makes_search: bool = Computed;
        /// How it takes sign-in: `legacy`, `single` or `multi`. Null where it takes none.
        sso_family: String = Computed;
        /// Digest by meaning: the same for a template with another layout, other comments or another order of keys.
        sha256: String = Computed;
        /// Its size in bytes. CloudFormation takes 51,200 in a call, and 1,048,576 from S3.
        size: i64 = Computed;
    }
}

/// Data source `quilt_template`.
pub struct TemplateSource;

#[async_trait]
impl DataSource for TemplateSource {
    const NAME: &'static str = "quilt_template";
    type State = TemplateLookup;

    fn subject(config: &TemplateLookup) -> String {
        match config.template_file.as_deref_option().or(config.template_url.as_deref_option()) {
            Some(place) => format!("Template {place}"),
            None => "Template".into(),
        }
    }

    fn validate(&self, config: &TemplateLookup, d: &mut Diagnostics) {
        let places = [&config.template_file, &config.template_body, &config.template_url];
        let open = places.iter().any(|place| place.is_unknown());
        let count = places.iter().filter(|place| place.is_value()).count();
        if count > 1 || count == 0 && !open {
            let which = if count == 0 { "None is given." } else { "More than one is given." };
            let detail = format!(
                "{which} Set exactly one of `template_file`, `template_body` and `template_url`."
            );
            d.fail("A template stands in one place", detail);
        }
    }

    async fn read(
        &self,
        cx: &Cx,
        config: TemplateLookup,
        _d: &mut Diagnostics,
    ) -> Result<TemplateLookup> {
        let state = StackState {
            template_file: config.template_file.clone(),
            template_body: config.template_body.clone(),
            template_url: config.template_url.clone(),
            ..StackState::default()
        };
        let aws = match config.template_url {
            Value::Value(_) => Some(cx.aws(None).await?),
            _ => None,
        };
        let loaded = load_template(aws.as_deref(), &state, None).await?;
        let Some(loaded) = loaded else { return Err(Error::NotYet) };
        match &loaded.template {
            Ok(template) => Ok(content::of(config, &loaded, template)),
            Err(misread) => Err(misunderstood(&loaded, &misread.why)),
        }
    }
}

fn misunderstood(loaded: &Loaded, why: &str) -> Error {
    let fix = match loaded.unread() {
        true => "Allow s3:GetObject on it, or give the template itself.",
        false => "Give a CloudFormation template in YAML or JSON.",
    };
    Error::config(
        AttributePath::new(loaded.at),
        format!("The template was not understood: {why}."),
        fix,
    )
}

#[cfg(test)]
mod tests;
