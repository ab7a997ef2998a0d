//! One HTTP/1 message off a connection, its bytes as they came.

use std::io::{self, BufRead, Read, Write};

/// A request or an answer.
#[derive(Clone)]
pub struct Message {
    /// First line and headers, with the empty line that ends them.
    head: Vec<u8>,
    /// The body with whatever frames it.
    body: Vec<u8>,
}

impl Message {
    /// Reads a request; none where the caller has closed the connection.
    pub fn request(from: &mut impl BufRead, back: &mut impl Write) -> io::Result<Option<Self>> {
        let Some(mut request) = Self::head(from)? else { return Ok(None) };
        if request.header("expect").is_some() {
            back.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
            request.drop_header("expect");
        }
        request.rest(from, 0)?;
        Ok(Some(request))
    }

    /// Reads the answer to a request.
    pub fn answer(from: &mut impl BufRead, to: &Self) -> io::Result<Self> {
        let mut answer = Self::head(from)?.ok_or(io::ErrorKind::UnexpectedEof)?;
        let bodiless = to.head.starts_with(b"HEAD ") || matches!(answer.status(), 204 | 304);
        if !bodiless {
            answer.rest(from, u64::MAX)?;
        }
        Ok(answer)
    }

    fn head(from: &mut impl BufRead) -> io::Result<Option<Self>> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            if from.read_until(b'\n', &mut head)? == 0 {
                return if head.is_empty() {
                    Ok(None)
                } else {
                    Err(io::ErrorKind::UnexpectedEof.into())
                };
            }
        }
        Ok(Some(Self { head, body: Vec::new() }))
    }

    /// Reads the body; one that nothing frames has at most `unframed` bytes and ends with the connection.
    fn rest(&mut self, from: &mut impl BufRead, unframed: u64) -> io::Result<()> {
        if self.is_chunked() {
            return self.chunks(from);
        }
        let length = self.header("content-length").and_then(|length| length.parse().ok());
        let read = from.take(length.unwrap_or(unframed)).read_to_end(&mut self.body)? as u64;
        if length.is_some_and(|length| read < length) {
            Err(io::ErrorKind::UnexpectedEof.into())
        } else {
            Ok(())
        }
    }

    fn chunks(&mut self, from: &mut impl BufRead) -> io::Result<()> {
        loop {
            let start = self.body.len();
            from.read_until(b'\n', &mut self.body)?;
            let size = chunk_size(&self.body[start..])?;
            if size == 0 {
                break;
            }
            from.take(size + 2).read_to_end(&mut self.body)?;
        }
        // Trailers, if there are any, and the empty line after them.
        loop {
            let start = self.body.len();
            if from.read_until(b'\n', &mut self.body)? == 0 || self.body[start..] == *b"\r\n" {
                return Ok(());
            }
        }
    }

    fn is_chunked(&self) -> bool {
        self.header("transfer-encoding")
            .is_some_and(|encoding| encoding.eq_ignore_ascii_case("chunked"))
    }

    /// Method and path of a request.
    pub fn target(&self) -> (&str, &str) {
        let mut words = self.first_line().split(' ');
        (words.next().unwrap_or_default(), words.next().unwrap_or_default())
    }

    /// The status of an answer.
    pub fn status(&self) -> u16 {
        self.first_line()
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok())
            .unwrap_or_default()
    }

    fn first_line(&self) -> &str {
        str::from_utf8(&self.head).unwrap_or_default().lines().next().unwrap_or_default()
    }

    /// The value of a header, whose name is given in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let lines =
            self.head.split(|byte| *byte == b'\n').filter_map(|line| str::from_utf8(line).ok());
        lines
            .filter_map(|line| line.split_once(':'))
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim())
    }

    fn drop_header(&mut self, name: &str) {
        let lines = self.head.split_inclusive(|byte| *byte == b'\n');
        let keep = |line: &&[u8]| {
            !String::from_utf8_lossy(line).to_ascii_lowercase().starts_with(&format!("{name}:"))
        };
        self.head = lines.filter(keep).collect::<Vec<_>>().concat();
    }

    /// Whether the connection may carry another message after this one.
    pub fn stays_open(&self) -> bool {
        let told = self.header("connection").unwrap_or_default().to_ascii_lowercase();
        told != "close" && (told == "keep-alive" || self.first_line().contains("HTTP/1.1"))
    }

    /// The body without its frame.
    pub fn content(&self) -> Vec<u8> {
        if !self.is_chunked() {
            return self.body.clone();
        }
        let (mut content, mut rest) = (Vec::new(), self.body.as_slice());
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            let size = chunk_size(&rest[..end]).unwrap_or_default() as usize;
            let Some(chunk) = rest.get(end + 1..end + 1 + size).filter(|_| size > 0) else { break };
            content.extend_from_slice(chunk);
            rest = &rest[end + 3 + size..];
        }
        content
    }

    /// The same message with another body, which its head says to be `longer` than it is.
    pub fn with(&self, body: Vec<u8>, longer: usize) -> Self {
        let mut other = Self { head: self.head.clone(), body };
        ["transfer-encoding", "content-length"].iter().for_each(|name| other.drop_header(name));
        other.add_headers(&format!("content-length: {}\r\n", other.body.len() + longer));
        other
    }

    /// The same request with another method.
    pub fn as_post(&self) -> Self {
        let rest = self.head.iter().position(|byte| *byte == b' ').unwrap_or_default();
        Self { head: [b"POST", &self.head[rest..]].concat(), body: self.body.clone() }
    }

    /// A field of a form.
    pub fn field(&self, name: &str) -> Option<String> {
        let body = String::from_utf8_lossy(&self.content()).into_owned();
        body.split('&')
            .filter_map(|pair| pair.split_once('='))
            .find(|(known, _)| *known == name)
            .map(|(_, value)| decode(value))
    }

    fn add_headers(&mut self, lines: &str) {
        self.head.truncate(self.head.len() - 2);
        self.head.extend_from_slice(lines.as_bytes());
        self.head.extend_from_slice(b"\r\n");
    }

    /// Sends it, with more header lines.
    pub fn send(&self, to: &mut impl Write, lines: &str) -> io::Result<()> {
        let mut whole = Self { head: self.head.clone(), body: Vec::new() };
        whole.add_headers(lines);
        to.write_all(&[whole.head.as_slice(), &self.body].concat())
    }
}

fn decode(text: &str) -> String {
    let (mut bytes, mut rest) = (Vec::new(), text.bytes());
    while let Some(byte) = rest.next() {
        let mut digit = || {
            rest.next().and_then(|digit| char::from(digit).to_digit(16)).unwrap_or_default() as u8
        };
        bytes.push(match byte {
            b'%' => 16 * digit() + digit(),
            b'+' => b' ',
            byte => byte,
        });
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn chunk_size(line: &[u8]) -> io::Result<u64> {
    let digits = String::from_utf8_lossy(line);
    let digits = digits.trim().split(';').next().unwrap_or_default();
    u64::from_str_radix(digits, 16).map_err(|_| io::ErrorKind::InvalidData.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHUNKED: &[u8] = b"HTTP/1.1 200 \r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\na\r\n0123456789\r\n0\r\n\r\nnext";

    fn get() -> Message {
        Message { head: b"GET / HTTP/1.1\r\n\r\n".to_vec(), body: Vec::new() }
    }

    #[test]
    fn chunks_are_read_to_their_end_and_no_further() {
        let mut from = CHUNKED;
        let answer = Message::answer(&mut from, &get()).unwrap();
        assert_eq!((answer.content().as_slice(), from), (&b"abc0123456789"[..], &b"next"[..]));
        let mut sent = Vec::new();
        answer.send(&mut sent, "x-more: 1\r\n").unwrap();
        assert!(
            sent.ends_with(&CHUNKED[44..CHUNKED.len() - 4])
                && String::from_utf8_lossy(&sent).contains("chunked\r\nx-more: 1\r\n\r\n")
        );
    }

    #[test]
    fn a_body_may_be_exchanged_and_its_length_wrong() {
        let answer = Message::answer(&mut &CHUNKED[..], &get()).unwrap().with(b"ab".to_vec(), 3);
        let mut sent = Vec::new();
        answer.send(&mut sent, "").unwrap();
        assert_eq!(String::from_utf8_lossy(&sent), "HTTP/1.1 200 \r\ncontent-length: 5\r\n\r\nab");
    }

    #[test]
    fn whoever_waits_to_be_asked_is_asked() {
        let (mut from, mut back) = (
            &b"PUT /b/k HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nhi"[..],
            Vec::new(),
        );
        let request = Message::request(&mut from, &mut back).unwrap().unwrap();
        assert_eq!((request.target(), request.content().as_slice()), (("PUT", "/b/k"), &b"hi"[..]));
        assert!(request.header("expect").is_none() && back.starts_with(b"HTTP/1.1 100"));
        assert!(Message::request(&mut from, &mut back).unwrap().is_none());
    }
}
