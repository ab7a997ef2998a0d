//! Who shares a listing, and who asks.

use super::region::Region;
use super::*;

#[tokio::test(start_paused = true)]
async fn a_refresh_of_many_is_one_listing_and_of_one_a_question() {
    let region = Region::of(100, 100);
    let reader = Reader::new(region.clone());
    let ids: Vec<_> = (0..100).map(|i| format!("arn:{i}")).collect();
    let found = futures_util::future::join_all(ids.iter().map(|id| reader.find(id))).await;
    assert!(found.iter().all(|stack| stack.as_ref().is_ok_and(Option::is_some)));
    assert_eq!(region.calls().len(), 1);
    let _ = timeout(FRESH, std::future::pending::<()>()).await;
    let start = Instant::now();
    assert_eq!(reader.find("arn:7").await.unwrap().unwrap().name, "s7");
    assert_eq!((region.calls().len(), start.elapsed().as_millis()), (2, 152));
}

#[tokio::test(start_paused = true)]
async fn a_change_makes_the_listing_old_for_its_stack_alone() {
    let region = Region::of(10, 100);
    let reader = Reader::new(region.clone());
    let three = ["arn:0", "arn:1", "s2"];
    futures_util::future::join_all(three.iter().map(|id| reader.find(id))).await;
    assert_eq!(region.calls().len(), 1);
    drop(reader.changing("arn:2"));
    for id in ["arn:0", "s1", "arn:9"] {
        reader.find(id).await.unwrap().unwrap();
    }
    assert_eq!(region.calls().len(), 1);
    reader.find("s2").await.unwrap().unwrap();
    assert_eq!(region.calls().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn absence_is_asked_about_unless_it_is_foreseen_only() {
    let region = Region::of(10, 100);
    let reader = Reader::new(region.clone());
    futures_util::future::join_all(["arn:0", "arn:1", "arn:2"].iter().map(|id| reader.find(id)))
        .await;
    assert_eq!((reader.glance("none").await.unwrap(), region.calls().len()), (None, 1));
    assert_eq!((reader.find("none").await.unwrap(), region.calls().len()), (None, 2));
}

#[tokio::test(start_paused = true)]
async fn all_are_listed_once_for_who_asks_together_and_never_from_before_the_question() {
    let region = Region::of(10, 4);
    let reader = Reader::new(region.clone());
    for lists in futures_util::future::join_all((0..5).map(|_| reader.all())).await {
        assert_eq!(lists.unwrap().len(), 10);
    }
    assert_eq!(region.calls().len(), 3);
    reader.all().await.unwrap();
    assert_eq!(region.calls().len(), 6);
    reader.find("arn:7").await.unwrap().unwrap();
    assert_eq!(region.calls().len(), 6);
    region.deny();
    assert_eq!(reader.all().await.unwrap_err().aws(), Some(AwsErrorKind::Denied));
}

#[tokio::test(start_paused = true)]
async fn one_after_the_other_shares_a_listing_too() {
    let region = Region::of(100, 100);
    let reader = Reader::new(region.clone());
    for i in 0..100 {
        assert_eq!(reader.find(&format!("arn:{i}")).await.unwrap().unwrap().name, format!("s{i}"));
    }
    assert_eq!(region.calls().len(), 3, "the third asks for all");
    for _ in 0..5 {
        let _ = timeout(FRESH, std::future::pending::<()>()).await;
        reader.find("arn:7").await.unwrap().unwrap();
    }
    assert_eq!(region.calls().len(), 8, "who waits for one stack asks for that one");
}

#[tokio::test(start_paused = true)]
async fn a_listing_that_is_dearer_is_given_up_and_what_it_has_shown_counts() {
    let region = Region::of(100, 5);
    let reader = Reader::new(region.clone());
    for i in 0..20 {
        reader.find(&format!("arn:{i}")).await.unwrap().unwrap();
    }
    assert!(region.calls().len() <= 20, "{}: no more than one call for each", region.calls().len());
    assert_eq!(
        reader.glance("arn:99").await.unwrap().unwrap().name,
        "s99",
        "absence from a part proves nothing"
    );
    let denied = Region::of(100, 100);
    denied.deny();
    let reader = Reader::new(denied.clone());
    for i in 0..20 {
        reader.find(&format!("arn:{i}")).await.unwrap().unwrap();
    }
    assert_eq!(denied.calls().len(), 21, "it is tried once");
}
