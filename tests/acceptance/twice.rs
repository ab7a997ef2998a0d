//! Two blocks and one object, in every way people come to that: each is either what they expect, or refused with nothing changed.

mod cases;
mod catalogs;
mod kills;
mod kinds;
mod unrefreshed;

use super::terraform::Project;
use crate::cloud::Cloud;
use kinds::Kind;

/// One account, one project, and the kind of object that two blocks are about.
struct Scene {
    kind: Kind,
    cloud: Cloud,
    project: Project,
}

impl Scene {
    fn of(kind: fn(&Cloud) -> Kind) -> Self {
        let cloud = Cloud::start();
        let kind = kind(&cloud);
        let project = Project::new(&cloud);
        (kind.files)(&project);
        project.provider(&kind.provider_block(""));
        Self { kind, cloud, project }
    }

    /// The configuration: blocks by label and name, with what else stands in each.
    fn write(&self, blocks: &[(&str, &str, &str)]) {
        let blocks: String =
            blocks.iter().map(|(label, name, more)| self.kind.block(label, name, more)).collect();
        self.project.main(&format!("{}{blocks}", self.kind.beside));
    }

    /// The object of the block `one`, made and settled.
    fn made(kind: fn(&Cloud) -> Kind, more: &str) -> Self {
        let scene = Self::of(kind);
        scene.write(&[("one", "a", more)]);
        scene.project.apply().ok();
        scene
    }

    fn address(&self, label: &str) -> String {
        format!("{}.{label}", self.kind.block)
    }

    /// What is in AWS, in a form that shows every difference.
    fn portrait(&self) -> Vec<String> {
        (self.kind.portrait)(&self.cloud)
    }

    /// Runs this, which must change nothing in AWS.
    fn unchanged(&self, run: impl FnOnce()) {
        let before = self.portrait();
        run();
        assert_eq!(self.portrait(), before);
    }
}

/// How many of these objects are there.
fn living(portrait: &[String]) -> usize {
    portrait.iter().filter(|row| !row.contains("DELETE_COMPLETE")).count()
}
