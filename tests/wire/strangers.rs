//! Who is let in.

use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::{Duration, Instant};

use quilt_provider::provider::Provider;
use quilt_provider::wire::{Caller, Life, Server};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::client::{Client, Identity, knock, secure};
use super::{COOKIE, Served, Started, program};

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";

/// Whether a server that was greeted answers in HTTP/2.
async fn answers(mut stream: impl AsyncReadExt + AsyncWriteExt + Unpin) -> bool {
    let mut settings = [0; 9];
    let greeted = async {
        stream.write_all(PREFACE).await?;
        stream.read_exact(&mut settings).await
    };
    tokio::time::timeout(Duration::from_secs(5), greeted).await.expect("no answer at all").is_ok()
        && settings[3] == 4
}

async fn lets_in(handshake: &str, identity: Option<&Identity>) -> bool {
    match secure(handshake, identity).await {
        Ok(stream) => answers(stream).await,
        Err(_) => false,
    }
}

async fn only_terraform_is_let_in(served: Served) {
    let handshake = &served.handshake;
    assert!(lets_in(handshake, Some(&served.identity)).await, "Terraform itself");
    assert!(!lets_in(handshake, None).await, "no certificate");
    assert!(!lets_in(handshake, Some(&Identity::new())).await, "another certificate");
    assert!(!answers(knock(handshake).await.unwrap()).await, "plain text");
    assert!(lets_in(handshake, Some(&served.identity)).await, "Terraform itself, afterwards");
}

#[tokio::test]
async fn only_terraform_is_let_in_by_the_socket() {
    let served = Served::start().await;
    assert!(served.handshake.starts_with("1|6|unix|/"));
    only_terraform_is_let_in(served).await;
}

#[tokio::test]
async fn only_terraform_is_let_in_by_a_port() {
    let served = Served::with(|caller| Caller { tcp: true, ports: 10000..=25000, ..caller }).await;
    assert!(served.handshake.starts_with("1|6|tcp|127.0.0.1:1"), "{}", served.handshake);
    only_terraform_is_let_in(served).await;
}

#[tokio::test]
async fn a_port_is_never_open_to_everybody() {
    let refused = Server::open(
        Provider::default(),
        &Caller { tcp: true, ..Caller::default() },
        Life::default(),
    );
    assert!(refused.err().unwrap().to_string().contains("Every user of this machine"));
    let refused = Server::open(
        Provider::default(),
        &Caller { certificate: Some("no".into()), ..Caller::default() },
        Life::default(),
    );
    assert!(refused.err().unwrap().to_string().contains("PLUGIN_CLIENT_CERT holds no certificate"));
}

#[tokio::test]
async fn without_a_certificate_the_folder_of_the_socket_keeps_others_out() {
    let served = Served::with(|_| Caller::default()).await;
    let fields: Vec<_> = served.handshake.trim_end().split('|').collect();
    assert_eq!(fields[5], "");
    let folder = Path::new(fields[3]).parent().unwrap();
    assert_eq!(folder.metadata().unwrap().permissions().mode() & 0o777, 0o700);
    let mut client = Client::over(knock(&served.handshake).await.unwrap()).await.unwrap();
    assert!(client.is_served().await);
}

#[tokio::test]
async fn a_silent_caller_holds_nobody_up() {
    let served = Served::start().await;
    let mut silent = vec![];
    for _ in 0..50 {
        silent.push(knock(&served.handshake).await.unwrap());
    }
    let begun = Instant::now();
    assert!(served.client().await.is_served().await);
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn nonsense_kills_nothing() {
    let served = Served::start().await;
    let mut client = served.client().await;
    for seed in 0..100u8 {
        let mut stream = secure(&served.handshake, Some(&served.identity)).await.unwrap();
        let nonsense: Vec<u8> =
            (0..200u8).map(|i| i.wrapping_mul(seed).rotate_left(3) ^ seed).collect();
        stream.write_all(PREFACE).await.unwrap();
        // The server may have hung up already.
        drop(stream.write_all(&nonsense).await);
        let mut plain = knock(&served.handshake).await.unwrap();
        drop(plain.write_all(&nonsense).await);
    }
    assert!(client.is_served().await, "who was there before");
    assert!(served.client().await.is_served().await, "who comes after");
}

#[tokio::test]
async fn the_handshake_is_one_line_of_six_fields() {
    let started = Started::start().await;
    let fields: Vec<_> = started.handshake.strip_suffix('\n').unwrap().split('|').collect();
    assert_eq!((fields.len(), &fields[..3], fields[4]), (6, &["1", "6", "unix"][..], "grpc"));
    assert!(
        fields[3].len() <= 107 && fields[5].len() > 50 && !fields[5].ends_with('='),
        "{fields:?}"
    );
    assert!(started.client().await.is_served().await);
}

#[tokio::test]
async fn a_wrong_cookie_is_refused_and_a_person_is_told() {
    let wrong = program().env(COOKIE.0, "wrong").output().await.unwrap();
    assert_eq!((wrong.status.code(), wrong.stdout.len()), (Some(1), 0));
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("Terraform starts this program"));

    let person = program().output().await.unwrap();
    let said = String::from_utf8(person.stdout).unwrap();
    assert!(person.status.success());
    for word in [
        env!("CARGO_PKG_VERSION"),
        "Quilt",
        "Write DIR/docs",
        "debug",
        "version",
        "diagnose",
        "watch",
    ] {
        assert!(said.contains(word), "{word}: {said}");
    }
    let misuse = program().arg("fly").output().await.unwrap();
    assert_eq!(misuse.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&misuse.stderr).contains("there is no command `fly`"));
}

#[tokio::test]
async fn no_place_for_a_socket_is_told() {
    let started = program().envs([COOKIE, ("TMPDIR", "/nowhere")]).output().await.unwrap();
    assert_eq!((started.status.code(), started.stdout.len()), (Some(1), 0));
    let said = String::from_utf8(started.stderr).unwrap();
    assert!(
        said.contains("No socket can be made in /nowhere") && said.contains("Set TMPDIR"),
        "{said}"
    );
    let missing = Server::open(
        Provider::default(),
        &Caller { socket_dir: Some("/nowhere".into()), ..Caller::default() },
        Life::default(),
    );
    let missing = missing.err().unwrap();
    let said = missing.to_string();
    assert!(
        said.contains(&ErrorKind::NotFound.to_string()) || said.contains("No such file"),
        "{said}"
    );
    assert!(said.contains("PLUGIN_UNIX_SOCKET_DIR") && !said.contains("TMPDIR"), "{said}");
    assert!(std::error::Error::source(&missing).is_none(), "it would be told twice");
}
