//! Change sets that are left over are cleared away, by whoever is there to do it.

use super::*;

#[tokio::test(start_paused = true)]
async fn what_an_earlier_end_has_left_is_cleared() {
    let fake = Fake::default().existing("prod", "CREATE_COMPLETE");
    let cx = fake.cx();
    let deploy = Deploy::to(&cx, None).await.unwrap();
    let id = fake.stack("prod").unwrap().id;
    deploy.aws.stacks.propose(&id, &order(), &token::preview(&id)).await.unwrap();
    deploy.aws.stacks.propose(&id, &order(), "of-somebody-else").await.unwrap();
    let fake = fake.would(vec![replaced("DB")]);
    let refused = deploy.change("prod", LIMIT, async |_| Ok(Some(order()))).await;
    assert!(refused.is_err());
    assert_eq!(fake.sets(), ["of-somebody-else"]);
}

#[tokio::test(start_paused = true)]
async fn what_another_run_has_carried_out_is_cleared_by_the_one_that_waited() {
    let fake = Fake::default()
        .existing("prod", "CREATE_COMPLETE")
        .script(&["UPDATE_IN_PROGRESS", "UPDATE_COMPLETE"]);
    let cx = fake.cx();
    let deploy = Deploy::to(&cx, None).await.unwrap();
    let (id, stacks) = (fake.stack("prod").unwrap().id, &deploy.aws.stacks);
    let name = token::proposal(&id);
    stacks.propose(&id, &order(), &name).await.unwrap();
    stacks.execute(&id, &name, false, "token").await.unwrap();
    assert_eq!(fake.sets(), [name]);
    let updated = deploy.change("prod", LIMIT, async |_| Ok(None)).await.unwrap();
    assert_eq!((updated.stack.status.as_str(), fake.sets()), ("UPDATE_COMPLETE", vec![]));
}

#[tokio::test(start_paused = true)]
async fn clearing_up_is_never_why_an_update_fails() {
    for call in ["proposals", "withdraw"] {
        for kind in [AwsErrorKind::Denied, AwsErrorKind::Later, AwsErrorKind::State] {
            assert!(
                update(Fake::default().fail(call, kind), None).await.0.is_ok(),
                "{call} {kind:?}"
            );
        }
    }
    let failing = Fake::default().script(&["UPDATE_IN_PROGRESS", "UPDATE_ROLLBACK_COMPLETE"]);
    let (failed, _, fake) = update(failing, None).await;
    assert_eq!((failed.is_err(), fake.sets()), (true, vec![]));
    let stopped =
        Fake::default().script(&["UPDATE_IN_PROGRESS"]).existing("prod", "CREATE_COMPLETE");
    let cx = stopped.cx();
    let stop = Deploy::to(&cx, None)
        .await
        .unwrap()
        .change("prod", Duration::from_secs(60), async |_| Ok(Some(order())))
        .await;
    assert!(matches!(stop, Err(Error::TooLong { .. })));
    assert!(!stopped.calls().contains(&"proposals".to_string()), "it is being carried out");
}

#[tokio::test(start_paused = true)]
async fn one_that_somebody_clears_away_is_made_anew() {
    let (updated, calls, fake) =
        update(Fake::default().fail("execute", AwsErrorKind::Gone), None).await;
    assert_eq!((updated.unwrap().stack.status.as_str(), fake.sets()), ("UPDATE_COMPLETE", vec![]));
    assert_eq!(calls.iter().filter(|c| *c == "propose").count(), 2);
    let always = (0..4).fold(Fake::default(), |fake, _| fake.fail("execute", AwsErrorKind::Gone));
    let (updated, calls, _) = update(always, None).await;
    assert_eq!(
        (updated.err().unwrap().aws(), calls.iter().filter(|c| *c == "propose").count()),
        (Some(AwsErrorKind::Gone), 4)
    );
}

#[tokio::test(start_paused = true)]
async fn a_stop_at_any_moment_leaves_no_change_set() {
    for moment in [0, 300, 5_000, 40_000] {
        let looks = vec![proposal(Progress::Comparing); 30];
        let fake = Fake::default().existing("prod", "CREATE_COMPLETE").compares(looks);
        let cx = fake.cx();
        cx.stops_after(Duration::from_millis(moment));
        let stopped = Deploy::to(&cx, None)
            .await
            .unwrap()
            .change("prod", LIMIT, async |_| Ok(Some(order())))
            .await;
        assert!(matches!(stopped, Err(Error::Interrupted { .. })), "{moment}");
        assert_eq!(
            (fake.sets(), fake.calls().contains(&"execute".to_string())),
            (vec![], false),
            "{moment}"
        );
    }
}
