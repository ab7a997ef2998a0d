//! Two invocations of the rotation at once, by two processes of Terraform: one password comes of it, nobody is locked out, and who lets the other go on says so.

use super::*;

/// What one of the two says that does not go on.
const YIELDS: &str = "Another invocation rotates the password in";

impl Scene {
    fn begin(&self) -> super::super::command::Running {
        let words: Vec<_> = Self::words().into_iter().chain(["-lock=false"]).collect();
        self.project.start(&words)
    }
}

/// How the two have ended: one well at least, and the other one well or with the word that another one goes on.
#[track_caller]
fn one_goes_on(ended: [Outcome; 2]) -> String {
    let well = ended.iter().filter(|outcome| outcome.code == 0).count();
    assert!(well > 0, "{ended:#?}");
    for outcome in ended.iter().filter(|outcome| outcome.code != 0) {
        assert!(outcome.text.contains("Wait for that one"), "{ended:#?}");
    }
    ended.map(|outcome| outcome.text).join("\n")
}

#[test]
fn two_that_begin_at_once_come_to_one_password() {
    by_each(ACTIONS, "rotation: two at once", |client| {
        let scene = Scene::new(client);
        let old = scene.is_over();
        let (one, other) = (scene.begin(), scene.begin());
        let text = one_goes_on([one.wait(), other.wait()]);
        let new = scene.is_over();
        assert_ne!(new, old);
        scene.nothing_is_left(&text, &[&old, &new]);
        scene.invoke().ok();
        assert_ne!(scene.is_over(), new);
    });
}

/// The second begins while the first has changed the database already, and the stack follows.
#[test]
fn one_that_comes_later_goes_on_with_the_same_password() {
    for client in able(ACTIONS, "rotation: one after the other") {
        let scene = Scene::new(&client);
        let old = scene.held("AWSCURRENT");
        scene
            .cloud
            .hold(Rule::stack("quilt").resource("Service").on("update").hold(600.0).times(1));
        let one = scene.begin();
        until_held(&scene.cloud, &one, "quilt", "Service", "update");
        let new = scene.held("QUILT_ROTATION");
        let other = scene.begin();
        let added = || scene.cloud.calls_of("PutSecretValue").len();
        let end = std::time::Instant::now() + std::time::Duration::from_secs(60);
        while added() < 2 {
            assert!(std::time::Instant::now() < end, "the other one has not begun");
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        scene.cloud.let_go();
        let text = one_goes_on([one.wait(), other.wait()]);
        assert!(scene.is_over() == new && new != old);
        scene.nothing_is_left(&text, &[&old, &new]);
    }
}

/// The second begins just before the first sets the password: the first has to let it go on.
#[test]
fn who_has_lost_its_turn_writes_nothing_more() {
    for client in able(ACTIONS, "rotation: a lost turn") {
        let scene = Scene::new(&client);
        let old = scene.is_over();
        scene.cloud.before("CreateChangeSet", |cloud| {
            let secrets = cloud.json("secretsmanager", "secretsmanager.ListSecrets", &json!({}));
            let all = secrets["SecretList"].as_array().expect("there are some");
            let of = |secret: &&Value| secret["SecretVersionsToStages"].to_string().contains("QUILT_ROTATION_TURN");
            let arn = all.iter().find(of).expect("it has begun")["ARN"].clone();
            let put = json!({"SecretId": arn, "SecretString": "{}", "VersionStages": ["QUILT_ROTATION_TURN"]});
            cloud.json("secretsmanager", "secretsmanager.PutSecretValue", &put);
        });
        let outcome = scene.invoke().failed().says(YIELDS);
        outcome.says("This one has changed nothing in the database and the stack.");
        assert_eq!(
            (scene.held("AWSCURRENT"), scene.cloud.calls_of("ModifyDBInstance").len()),
            (old.clone(), 0)
        );
        scene.invoke().ok();
        assert_ne!(scene.is_over(), old);
    }
}
