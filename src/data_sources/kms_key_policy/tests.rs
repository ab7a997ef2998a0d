//! Looks at roles in memory.

use super::*;
use crate::aws::fake::Fake;
use crate::kinds::data_source::AnyDataSource;
use crate::tf::State;

const ROLE: &str = "AWS::IAM::Role";

async fn read(fake: &Fake, stack: &str) -> Result<KmsKeyPolicyLookup, String> {
    let config = KmsKeyPolicyLookup { stack_name: known(stack), ..KmsKeyPolicyLookup::default() };
    let mut d = Diagnostics::default();
    let object =
        AnyDataSource::read(&KmsKeyPolicySource, &fake.cx(), config.write_object(), &mut d).await;
    let state =
        object.map(|o| KmsKeyPolicyLookup::read_object(&o, &AttributePath::root()).unwrap());
    state.ok_or_else(|| format!("{}: {}", d.errors[0].attribute, d.errors[0].summary))
}

#[tokio::test(start_paused = true)]
async fn the_statement_names_the_roles_that_are_there() {
    let fake = Fake::default()
        .existing("prod", "UPDATE_COMPLETE")
        .part("prod", "T4BucketReadRole", ROLE, "ReadQuiltV2-prod")
        .part("prod", "DuckDBSelectLambdaRole", ROLE, "prod-Duck-1")
        .part("prod", "ApiRole", ROLE, "prod-Api-1");
    let found = read(&fake, "prod").await.unwrap();
    let roles = found.role_arns.unwrap();
    assert_eq!(roles.len(), 2);
    assert_eq!(roles["T4BucketReadRole"], "arn:aws:iam::123456789012:role/ReadQuiltV2-prod");
    let statement = found.statement.unwrap();
    assert!(statement.contains("role/prod-Duck-1") && !statement.contains("Api"), "{statement}");
    assert_eq!(found.absent.unwrap().len(), 5);
}

#[tokio::test(start_paused = true)]
async fn a_stack_without_such_roles_is_refused() {
    let fake = Fake::default().existing("other", "CREATE_COMPLETE");
    let none = read(&fake, "other").await.unwrap_err();
    assert_eq!(none, "stack_name: The stack other has none of the roles that use keys.");
    assert!(read(&fake, "nope").await.unwrap_err().contains("There is no stack nope"));
}
