//! The two addresses of an account's registry, its web host and the registry itself: each request goes to the weather with a word about which it is.

use std::collections::BTreeMap;
use std::io::{self, BufReader};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::Duration;

use super::launcher;
use super::weather::message::Message;

/// Where an account's catalog and its registry answer.
#[derive(Clone, Debug)]
pub struct Front {
    /// Its web host.
    pub web: String,
    /// Its registry.
    pub registry: String,
}

/// The addresses of an account; the first caller opens them, and they end with the process.
pub fn of(account: &str) -> Front {
    static FRONTS: OnceLock<Mutex<BTreeMap<String, Front>>> = OnceLock::new();
    let fronts = FRONTS.get_or_init(Mutex::default);
    let mut fronts = fronts.lock().unwrap_or_else(PoisonError::into_inner);
    fronts.entry(account.into()).or_insert_with(|| open(account)).clone()
}

fn open(account: &str) -> Front {
    let (web, registry) = (listener(), listener());
    let address = |listener: &TcpListener, host: &str| {
        format!("http://{host}:{}", listener.local_addr().expect("it is bound").port())
    };
    let front =
        Front { web: address(&web, "127.0.0.1"), registry: address(&registry, "localhost") };
    for (listener, host) in [(web, "web"), (registry, "registry")] {
        let about = format!(
            "x-registry: {host}\r\nx-registry-account: {account}\r\nx-registry-url: {}\r\n",
            front.registry
        );
        thread::spawn(move || accept(&listener, &about));
    }
    front
}

fn listener() -> TcpListener {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a loopback port is free")
}

fn accept(listener: &TcpListener, about: &str) {
    for caller in listener.incoming().flatten() {
        let about = about.to_owned();
        thread::spawn(move || {
            if carry(&caller, &about).is_err() {
                // What the weather breaks off is broken off for the caller too.
                let _gone = socket2::SockRef::from(&caller).set_linger(Some(Duration::ZERO));
            }
        });
    }
}

/// Carries requests to the weather and answers back, until either side ends.
fn carry(caller: &TcpStream, about: &str) -> io::Result<()> {
    caller.set_nodelay(true)?;
    let mut requests = BufReader::new(caller.try_clone()?);
    let mut weather =
        BufReader::new(TcpStream::connect((Ipv4Addr::LOCALHOST, launcher::proxy().port()))?);
    while let Some(request) = Message::request(&mut requests, &mut &*caller)? {
        request.send(weather.get_mut(), about)?;
        let answer = Message::answer(&mut weather, &request)?;
        answer.send(&mut &*caller, "")?;
        if !answer.stays_open() || !request.stays_open() {
            break;
        }
    }
    caller.shutdown(Shutdown::Both)
}
