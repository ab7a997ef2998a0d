//! A fourth small stack, as small as one can be: its template, its attributes and its rules, and the life that it then has.

use std::collections::BTreeMap;

use async_trait::async_trait;

use super::template::name_in;
use super::*;
use crate::aws::fake::Fake;
use crate::resources::timeouts::Timeouts;
use crate::tf::{AttributePath, Report};
use crate::{attributes, shared};

attributes! {
    /// A bucket.
    pub struct BucketState {
        /// Name.
        name: String = Required.replaces();
        /// The region.
        region: String = OptionalComputed.replaces();
        /// Whether old versions of objects are kept.
        versioning: bool = Optional.default(true);
        /// Version of the template.
        template_version: String = OptionalComputed;
        /// Whether the stack cannot be deleted.
        enable_termination_protection: bool = OptionalComputed;
        /// Tags.
        tags: BTreeMap<String, Value<String>> = Optional;
        /// How long an apply waits.
        timeouts: Timeouts = Optional.block();
        /// ARN of the stack.
        id: String = Computed.stable();
        /// Status of the stack.
        status: String = Computed;
        /// ARN of the bucket.
        arn: String = Computed.stable();
        /// All tags.
        tags_all: BTreeMap<String, Value<String>> = Computed;
    }
}

const TEMPLATE: &str = "Parameters: {Versioning: {Type: String}}
Resources: {Bucket: {Type: AWS::S3::Bucket}}
Outputs: {TemplateVersion: {Value: '1'}, Arn: {Value: !GetAtt Bucket.Arn}}";

#[async_trait]
impl SmallStack for BucketState {
    const NAME: &'static str = "quilt_bucket";
    const WHAT: &'static str = "bucket";
    const TEMPLATES: Templates = Templates(&[TEMPLATE]);
    shared!();

    fn check(&self, d: &mut Diagnostics) {
        if self.name.as_deref_option().is_some_and(|name| name.contains('.')) {
            d.fail_at(AttributePath::new("name"), "This value is not valid", "It has a dot.");
        }
    }

    fn made_by_aws(&mut self) -> Vec<&mut Value<String>> {
        vec![&mut self.arn]
    }

    fn parameters(&self) -> Result<Parameters> {
        Ok([("Versioning".to_string(), (self.versioning == true.into()).to_string())].into())
    }

    fn read_parameters(&mut self, stack: &Stack) -> Result<(), String> {
        self.versioning = stack.parameters.get("Versioning").map(|on| on == "true").into();
        Ok(())
    }

    async fn read_outputs(&mut self, _aws: &Aws, stack: &Stack) -> Result<()> {
        if let Some(arn) = stack.outputs.get("Arn") {
            self.arn = arn.clone().into();
        }
        Ok(())
    }
}

type Stage = crate::resources::stage::Stage<SmallStackResource<BucketState>>;

fn config() -> BucketState {
    BucketState { name: "data".to_string().into(), ..BucketState::default() }
}

#[tokio::test(start_paused = true)]
async fn a_fourth_one_is_its_template_its_attributes_and_its_rules() {
    let fake = Fake::default().outputs(&[("TemplateVersion", "1"), ("Arn", "arn:bucket")]);
    let mut stage = Stage::of(SmallStackResource::default(), fake);
    stage.apply(&config()).await;
    assert_eq!(stage.get().arn, "arn:bucket".to_string().into());
    assert_eq!(stage.changes(&config()).await, [""; 0]);
    let open = BucketState {
        versioning: false.into(),
        enable_termination_protection: false.into(),
        ..config()
    };
    assert_eq!(
        stage.changes(&open).await,
        ["enable_termination_protection", "status", "versioning"]
    );
    stage.apply(&open).await;
    assert_eq!(stage.fake.stack("data-bucket").unwrap().parameters["Versioning"], "false");
    stage.import("data").await;
    assert_eq!(stage.changes(&open).await, [""; 0]);
    stage.destroy().await;
    assert_eq!((stage.state.is_none(), stage.fake.stack("data-bucket")), (true, None));
}

#[tokio::test(start_paused = true)]
async fn a_state_with_the_old_name_of_the_id_is_read() {
    let fake = Fake::default().outputs(&[("TemplateVersion", "1"), ("Arn", "arn:bucket")]);
    let mut stage = Stage::of(SmallStackResource::default(), fake);
    stage.apply(&config()).await;
    let mut old = stage.state.clone().unwrap();
    let arn = old.remove("id").unwrap();
    old.insert("stack_id".into(), arn);
    let resource = SmallStackResource::<BucketState>::default();
    let read = Resource::upgrade(&resource, 0, old).unwrap();
    assert_eq!(Some(read), stage.state);
}

#[test]
fn names_of_stacks() {
    let named = |name: &str| name_in::<BucketState>(&Stack { id: name.into(), ..Stack::default() });
    assert_eq!(stack_name::<BucketState>("quilt-prod"), "quilt-prod-bucket");
    assert_eq!(
        (named("quilt-prod-bucket").as_deref(), named("quilt-prod")),
        (Some("quilt-prod"), None)
    );
}
