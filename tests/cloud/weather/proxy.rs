//! The proxy: every request goes to the engine as it came, and what the weather says happens to the answer.

use std::io::{self, BufReader, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use super::answers::{self, Answer, Protocol};
use super::message::Message;
use super::past::Read;
use super::sky::{Call, Sky, Strike};
use super::{Fault, Forecast};

/// How long the engine is trusted to keep an idle connection.
const IDLE: Duration = Duration::from_secs(20);

/// How much longer a truncated answer says it is.
const MISSING: usize = 500;

/// A running proxy; it ends with the process.
pub struct Proxy {
    port: u16,
    sky: Arc<Sky>,
}

impl Proxy {
    /// Listens on a free loopback port in front of the engine's.
    pub fn start(engine: u16) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let (port, sky) = (listener.local_addr()?.port(), Arc::new(Sky::default()));
        let shared = sky.clone();
        thread::spawn(move || {
            for caller in listener.incoming().flatten() {
                let sky = shared.clone();
                // A connection that breaks is the caller's affair: it sees so itself.
                thread::spawn(move || {
                    drop(Connection::new(caller, engine, sky).and_then(Connection::serve))
                });
            }
        });
        Ok(Self { port, sky })
    }

    /// Where it listens.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Has something happen once, before the next call of the account whose action fits wholly.
    pub fn happens_before(
        &self,
        account: &str,
        actions: &str,
        happens: impl FnOnce() + Send + 'static,
    ) -> Result<(), regex_lite::Error> {
        self.sky.happens_before(account, actions, happens)
    }

    /// Sets the weather of an account, or with "" of all that have none of their own.
    pub fn set(&self, account: &str, forecast: &Forecast) -> Result<(), regex_lite::Error> {
        self.sky.set(account, forecast)
    }
}

/// One caller's connection and ours to the engine.
struct Connection {
    requests: BufReader<TcpStream>,
    caller: TcpStream,
    engine: Engine,
    sky: Arc<Sky>,
}

impl Connection {
    fn new(caller: TcpStream, engine: u16, sky: Arc<Sky>) -> io::Result<Self> {
        caller.set_nodelay(true)?;
        Ok(Self {
            requests: BufReader::new(caller.try_clone()?),
            caller,
            engine: Engine { port: engine, open: None },
            sky,
        })
    }

    fn serve(mut self) -> io::Result<()> {
        while let Some(request) = Message::request(&mut self.requests, &mut self.caller)? {
            let call = if self.sky.is_clear() { None } else { Some(self.engine.name(&request)?) };
            if let Some(call) = &call {
                self.sky.let_happen(call);
            }
            if let Some(answer) = call.as_ref().and_then(|call| self.sky.past.shows(call, &request))
            {
                self.engine.exchange(
                    &request,
                    &format!("x-weather: past\r\nx-weather-answer: {} \r\n", answer.status()),
                )?;
                self.pass(&answer)?;
                continue;
            }
            let strike = call.as_ref().and_then(|call| self.sky.strike(call));
            let goes_on = match (call, strike) {
                (Some(call), Some(strike)) => self.hit(&request, &call, &strike)?,
                _ => {
                    let answer = self.engine.exchange(&request, "")?;
                    self.pass(&answer)?
                }
            };
            if !goes_on || !request.stays_open() {
                break;
            }
        }
        self.caller.shutdown(Shutdown::Both)
    }

    fn pass(&self, answer: &Message) -> io::Result<bool> {
        answer.send(&mut &self.caller, "")?;
        Ok(answer.stays_open())
    }

    /// Lets the weather happen; false when the connection is over.
    fn hit(&mut self, request: &Message, call: &Call, strike: &Strike) -> io::Result<bool> {
        let note = format!("x-weather: {}\r\n", name(&strike.fault));
        match &strike.fault {
            Fault::Slow { seconds } => {
                let wait = Duration::from_secs_f64(*seconds);
                let gone = if strike.after { false } else { self.waits(wait)? };
                let answer = self.engine.exchange(request, &note)?;
                let gone = gone || (strike.after && self.waits(wait)?);
                if gone { Ok(false) } else { self.pass(&answer) }
            }
            Fault::Truncated => {
                let answer = self.engine.exchange(request, &note)?;
                let content = answer.content();
                answer
                    .with(content[..content.len() / 2].to_vec(), MISSING)
                    .send(&mut self.caller, "")?;
                self.reset()
            }
            Fault::Stale { reads, seconds } => {
                let mut before = Vec::new();
                for (read, form) in Read::all_about(request) {
                    before.push((
                        read,
                        self.engine
                            .exchange(&request.with(form.into(), 0), "x-weather: before\r\n")?,
                    ));
                }
                let answer = self.engine.exchange(request, &note)?;
                if answer.status() == 200 {
                    self.sky.past.keep(&call.account, before, *reads, *seconds);
                }
                self.pass(&answer)
            }
            Fault::Shown { status } => {
                let answer = self.engine.exchange(request, &note)?;
                let shown = answers::shown(
                    &String::from_utf8_lossy(&answer.content()),
                    status,
                    strike.percent,
                );
                self.pass(&answer.with(shown.into(), 0))
            }
            fault => self.instead(
                request,
                &note,
                strike.after,
                answers::to(fault, Protocol::of(request, call), call),
                fault,
            ),
        }
    }

    /// Answers in the engine's place, or not at all.
    fn instead(
        &mut self,
        request: &Message,
        note: &str,
        after: bool,
        answer: Option<Answer>,
        fault: &Fault,
    ) -> io::Result<bool> {
        if after {
            self.engine.exchange(request, note)?;
        } else {
            let (status, code) =
                answer.as_ref().map_or((0, ""), |answer| (answer.status, answer.code.as_str()));
            self.engine
                .exchange(request, &format!("{note}x-weather-answer: {status} {code}\r\n"))?;
        }
        match (answer, fault) {
            (Some(answer), _) => self.answer(&answer, request.target().0 == "HEAD").map(|()| true),
            (None, Fault::Reset) => self.reset(),
            (None, Fault::Hang) => self.waits(Duration::from_secs(3600)).map(|_| false),
            (None, _) => Ok(false),
        }
    }

    fn answer(&mut self, answer: &Answer, bodiless: bool) -> io::Result<()> {
        let Answer { status, headers, body, .. } = answer;
        let body = if bodiless { &[] } else { body.as_slice() };
        let head = format!("HTTP/1.1 {status} \r\n{headers}Content-Length: {}\r\n\r\n", body.len());
        self.caller.write_all(&[head.as_bytes(), body].concat())
    }

    fn reset(&self) -> io::Result<bool> {
        socket2::SockRef::from(&self.caller).set_linger(Some(Duration::ZERO))?;
        Ok(false)
    }

    /// Sleeps, unless the caller goes away; true when it has.
    fn waits(&self, time: Duration) -> io::Result<bool> {
        let end = Instant::now() + time;
        while let Some(left) =
            end.checked_duration_since(Instant::now()).filter(|left| !left.is_zero())
        {
            self.caller.set_read_timeout(Some(left))?;
            match self.caller.peek(&mut [0]) {
                Ok(0) => return Ok(true),
                Ok(_) => thread::sleep(left),
                Err(error)
                    if matches!(
                        error.kind(),
                        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut
                    ) => {}
                Err(_) => return Ok(true),
            }
        }
        self.caller.set_read_timeout(None)?;
        Ok(false)
    }
}

/// The fault's name, as files spell it.
fn name(fault: &Fault) -> String {
    let value = serde_json::to_value(fault).unwrap_or_default();
    let tag = value.as_object().and_then(|fields| fields.keys().next().cloned());
    tag.or_else(|| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// The way to the engine.
struct Engine {
    port: u16,
    open: Option<(BufReader<TcpStream>, Instant)>,
}

impl Engine {
    /// Asks how the engine calls a request; its method is told beside, because there is no body in an answer to HEAD.
    fn name(&mut self, request: &Message) -> io::Result<Call> {
        let answer =
            self.exchange(&request.as_post(), &format!("x-weather: ? {}\r\n", request.target().0))?;
        Ok(serde_json::from_slice(&answer.content())?)
    }

    /// Sends a request with more header lines and reads the whole answer.
    fn exchange(&mut self, request: &Message, lines: &str) -> io::Result<Message> {
        let known =
            self.open.take().filter(|(_, used)| used.elapsed() < IDLE).map(|(stream, _)| stream);
        let mut stream = match known {
            Some(stream) => stream,
            None => BufReader::new(TcpStream::connect((Ipv4Addr::LOCALHOST, self.port))?),
        };
        stream.get_ref().set_nodelay(true)?;
        request.send(stream.get_mut(), lines)?;
        let answer = Message::answer(&mut stream, request)?;
        if answer.stays_open() && request.stays_open() {
            self.open = Some((stream, Instant::now()));
        }
        Ok(answer)
    }
}
