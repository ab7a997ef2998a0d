//! The administrator's password, read from an AWS in memory.

use super::*;
use crate::aws::fake::Fake;
use crate::aws::{Secrets, Stacks};
use crate::cloudformation::stack::{Order, Parameter};
use crate::kinds::ephemeral::AnyEphemeral;
use crate::tf::{Diagnostics, Object, State, Tree, known};

/// An account with the stack `prod`, whose password is kept by `owner`.
async fn account(owner: Option<&str>) -> Fake {
    let fake = Fake::default();
    let email = ("AdminEmail".to_string(), Parameter::Value("admin@example.com".into()));
    let order = Order { name: "prod".into(), parameters: [email].into(), ..Order::default() };
    Stacks::create(&fake, &order, "token").await.unwrap();
    let tags = owner.map(|owner| (OWNER.to_string(), owner.to_string())).into_iter().collect();
    let secrets: &dyn Secrets = &fake;
    secrets
        .create("quilt/prod/admin-password", "", &"pa55word".to_string().into(), &tags)
        .await
        .unwrap();
    fake
}

async fn open(fake: &Fake, stack: &str) -> (Option<Object>, Diagnostics) {
    let config = AdminPasswordOpening { stack_name: known(stack), ..Default::default() };
    let mut d = Diagnostics::default();
    let opened =
        AnyEphemeral::open(&AdminPasswordEphemeral, &fake.cx(), config.write_object(), &mut d)
            .await;
    (opened.map(|(object, _)| object), d)
}

#[tokio::test(start_paused = true)]
async fn it_is_told_by_name_and_by_arn() {
    let fake = account(Some("somebody")).await;
    let arn = fake.stack("prod").unwrap().id;
    for stack in ["prod", &arn] {
        let told = open(&fake, stack).await.0.unwrap();
        assert_eq!(told["password"], Tree::String("pa55word".into()));
        assert_eq!(told["email"], Tree::String("admin@example.com".into()));
    }
}

#[tokio::test(start_paused = true)]
async fn a_password_that_was_not_made_is_not_told() {
    for fake in [account(None).await, account(Some("me")).await.losing("quilt/prod/admin-password")]
    {
        let (none, d) = open(&fake, "prod").await;
        assert_eq!(none, None);
        assert!(
            d.errors[0].summary.starts_with("No password was made for the administrator of prod")
        );
        assert!(!format!("{:?}", d.errors).contains("pa55word"));
    }
    let (_, d) = open(&account(None).await, "dev").await;
    assert_eq!(d.errors[0].attribute, AttributePath::new("stack_name"));
}

#[tokio::test(start_paused = true)]
async fn one_that_is_being_deleted_says_how_it_is_had_back() {
    let fake = account(Some("me")).await;
    Secrets::delete(&fake, "quilt/prod/admin-password", 30).await.unwrap();
    let (_, d) = open(&fake, "prod").await;
    assert!(d.errors[0].detail.contains("restore-secret"), "{:?}", d.errors);
}
