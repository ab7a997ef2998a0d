//! Stacks that Service Catalog launched, and stacks on network 1.0: recognised, told, and kept as they are.

use super::*;

const PRODUCT: &str = "pp-abcdefghijklm";

async fn imported(fake: Fake) -> Stage {
    let mut stage = Stage::of(StackResource, fake);
    stage.import("prod").await;
    stage
}

fn launched() -> Fake {
    Fake::default().catalogued("prod", PRODUCT)
}

fn warned(stage: &mut Stage) -> Vec<String> {
    std::mem::take(&mut stage.said).warnings.into_iter().map(|w| w.summary.into_owned()).collect()
}

#[tokio::test(start_paused = true)]
async fn it_is_told_at_the_import_and_where_it_changes() {
    let mut stage = imported(launched()).await;
    let release = "--provisioned-product-id pp-abcdefghijklm --retain-physical-resources";
    assert!(stage.said.warnings[0].detail.contains(release), "{:?}", stage.said);
    assert_eq!(warned(&mut stage), ["Stack prod was launched through Service Catalog"]);
    assert_eq!(stage.get().provisioned_product_id, PRODUCT.to_string().into());

    let bare = StackState {
        parameters: Value::Null,
        template_body: Value::Null,
        enable_termination_protection: false.into(),
        ..config()
    };
    assert_eq!(stage.changes(&bare).await, [""; 0]);
    assert_eq!(warned(&mut stage), [""; 0], "a plan without a change says nothing");

    let tagged = StackState { tags: strings(&[("Team", "data")]), ..bare };
    stage.apply(&tagged).await;
    let updated = "Service Catalog does not hear of this update of prod";
    assert_eq!(warned(&mut stage), [updated]);
    assert_eq!(stage.get().provisioned_product_id, PRODUCT.to_string().into());
    stage.destroy().await;
    assert_eq!(warned(&mut stage), ["Service Catalog does not hear of this deletion of prod"]);
}

#[tokio::test(start_paused = true)]
async fn another_stack_is_nobodys_product() {
    let mut stage = imported(Fake::default().using("prod", "Size", "small")).await;
    assert_eq!((warned(&mut stage), stage.get().provisioned_product_id), (vec![], Value::Null));
    let mut made = made().await;
    assert_eq!((warned(&mut made), made.get().provisioned_product_id), (vec![], Value::Null));
}

fn generation(parameters: &str) -> StackState {
    let head =
        r#"{"Parameters": {"QuiltWebHost": {"Type": "String", "Default": "quilt.example.com"}"#;
    let body =
        format!(r#"{head}{parameters}}}, "Resources": {{"T": {{"Type": "AWS::SNS::Topic"}}}}}}"#);
    StackState { template_body: body.into(), parameters: Value::Null, ..config() }
}

#[tokio::test(start_paused = true)]
async fn network_1_does_not_become_network_2_by_a_template() {
    let mut stage = Stage::of(StackResource, Fake::default());
    stage.apply(&generation("")).await;
    assert_eq!(stage.get().network_version, "1.0".to_string().into());
    warned(&mut stage);
    stage.plan(&generation(r#", "Other": {"Type": "String", "Default": ""}"#)).await;
    assert_eq!(warned(&mut stage), [""; 0], "another template of its own generation");
    stage.plan(&generation(r#", "IntraSubnets": {"Type": "String", "Default": ""}"#)).await;
    assert_eq!(warned(&mut stage), ["This template is for network 2.0"]);
}
