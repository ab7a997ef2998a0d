//! What goes and what stays, heard in either order.

use super::*;
use crate::aws::fake::Fake;
use crate::cloudformation::stack::Order;

/// A database's stack, and a catalog that is told of it.
async fn world() -> (Cx, String, String) {
    let fake = Fake::default().outputs(&[("AccessorSecurityGroupId", "sg-1")]);
    let aws = fake.cx().regions.aws(None).await.unwrap();
    let id = aws
        .stacks
        .create(&Order { name: "data-database".into(), ..Order::default() }, "t")
        .await
        .unwrap();
    let fake = fake.using("prod", "Group", "sg-1");
    let user = fake.stack("prod").unwrap().id;
    (fake.cx(), id, user)
}

fn staying(id: &str, value: Option<&str>) -> Staying {
    let parameters = [("Group".to_string(), value.map(str::to_string))].into();
    Staying { id: id.into(), subject: "Stack prod".into(), parameters }
}

/// What is said when both are heard: errors, warnings.
async fn said(staying: impl Fn(&str) -> Staying, goes_first: bool) -> (Vec<String>, Vec<String>) {
    let (cx, id, user) = world().await;
    let deploy = Deploy::to(&cx, None).await.unwrap();
    let mut d = Diagnostics::default();
    if !goes_first {
        stays(&cx, &staying(&user), &mut d);
    }
    goes(&deploy, &id, "Database data".into(), &mut d).await.unwrap();
    if goes_first {
        stays(&cx, &staying(&user), &mut d);
    }
    let of =
        |list: &[crate::tf::Diagnostic]| list.iter().map(|one| one.summary.to_string()).collect();
    (of(&d.errors), of(&d.warnings))
}

#[tokio::test(start_paused = true)]
async fn who_goes_on_using_what_goes_is_refused_in_either_order() {
    for goes_first in [true, false] {
        let (errors, warnings) = said(|id| staying(id, Some("sg-1")), goes_first).await;
        assert_eq!(
            (errors, warnings),
            (vec!["Database data is still used by Stack prod".to_string()], vec![])
        );
    }
}

#[tokio::test(start_paused = true)]
async fn who_is_pointed_elsewhere_is_told_of_the_order() {
    for (goes_first, value) in
        [(true, None), (false, None), (true, Some("sg-2")), (false, Some("sg-2"))]
    {
        let (errors, warnings) = said(|id| staying(id, value), goes_first).await;
        assert_eq!(
            (errors, warnings),
            (vec![], vec!["Database data is in use until Stack prod is updated".to_string()])
        );
    }
}

#[tokio::test(start_paused = true)]
async fn who_never_used_it_and_who_goes_as_well_say_nothing() {
    let (errors, warnings) = said(|_| staying("arn:other", Some("sg-1")), true).await;
    assert_eq!((errors, warnings), (vec![], vec![]));
    let (cx, id, _) = world().await;
    let mut d = Diagnostics::default();
    goes(&Deploy::to(&cx, None).await.unwrap(), &id, "Database data".into(), &mut d).await.unwrap();
    assert!(d.errors.is_empty() && d.warnings.is_empty());
}
