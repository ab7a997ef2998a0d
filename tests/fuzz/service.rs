//! Every method of the protocol, as its file lists them: bytes of any kind are answered, and no answer says that something broke.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use prost::bytes::{Buf, BufMut};
use quilt_provider::provider::Provider;
use quilt_provider::wire::codec::encode;
use tokio::time::timeout;
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::{Code, Request, Status};

use super::calls::{LIMIT, served};
use super::damage::{blows, damaged};
use super::runner;
use super::values::object;
use crate::wire::client::Client;

/// Messages as they come and go.
#[derive(Clone, Copy)]
struct Bytes;

impl Codec for Bytes {
    type Encode = Vec<u8>;
    type Decode = Vec<u8>;
    type Encoder = Self;
    type Decoder = Self;
    fn encoder(&mut self) -> Self {
        Self
    }
    fn decoder(&mut self) -> Self {
        Self
    }
}

impl Encoder for Bytes {
    type Item = Vec<u8>;
    type Error = Status;
    fn encode(&mut self, item: Vec<u8>, to: &mut EncodeBuf<'_>) -> Result<(), Status> {
        to.put_slice(&item);
        Ok(())
    }
}

impl Decoder for Bytes {
    type Item = Vec<u8>;
    type Error = Status;
    fn decode(&mut self, from: &mut DecodeBuf<'_>) -> Result<Option<Vec<u8>>, Status> {
        Ok(Some(from.copy_to_bytes(from.remaining()).to_vec()))
    }
}

/// The methods that the protocol's file has.
fn methods() -> Vec<&'static str> {
    let file = include_str!("../../proto/tfplugin6.proto");
    let lines = file.lines().filter_map(|line| line.trim().strip_prefix("rpc "));
    lines.filter_map(|line| line.split('(').next()).collect()
}

/// The names of everything that is served, and names of nothing.
fn names() -> Vec<String> {
    let served = Provider::default().served;
    let names = served.resources.iter().map(|r| r.name());
    let names = names.chain(served.data_sources.iter().map(|s| s.name()));
    let names = names.chain(served.functions.iter().map(|f| f.name()));
    let names = names.chain(served.ephemerals.iter().map(|e| e.name()));
    let names = names.chain(served.actions.iter().map(|a| a.name()));
    names.chain(["", "quilt_nothing", "\0"]).map(str::to_string).collect()
}

fn length(field: u8, bytes: &[u8]) -> Vec<u8> {
    let mut length = bytes.len();
    let mut out = vec![field << 3 | 2];
    while length > 0x7f {
        out.push(length as u8 | 0x80);
        length >>= 7;
    }
    out.push(length as u8);
    out.extend(bytes);
    out
}

/// One field as protobuf writes it: a text, a value, an identity, a number, or rubbish.
fn field() -> impl Strategy<Value = Vec<u8>> {
    let value = || object().prop_map(|o| length(1, &encode(&[], Some(o)).unwrap().msgpack));
    let bytes = prop_oneof![
        2 => value(),
        1 => value().prop_map(|value| length(1, &value)),
        1 => vec(any::<u8>(), 0..40),
        1 => "[a-z/:=-]{0,20}".prop_map(String::into_bytes),
        1 => "(\\{\"(name|region|arn)\":\"[a-z]{0,4}\"\\}|\\{|null|\\[\\])".prop_map(|json| length(1, json.as_bytes())),
    ];
    prop_oneof![
        4 => (2..9u8, bytes).prop_map(|(field, bytes)| length(field, &bytes)),
        1 => (2..9u8, 0..127u8).prop_map(|(field, number)| vec![field << 3, number]),
    ]
}

fn message() -> impl Strategy<Value = Vec<u8>> {
    let whole = || {
        let name = proptest::sample::select(names()).prop_map(|name| length(1, name.as_bytes()));
        (name, vec(field(), 0..5)).prop_map(|(name, fields)| [name, fields.concat()].concat())
    };
    prop_oneof![
        6 => whole(),
        2 => (whole(), blows()).prop_map(|(bytes, blows)| damaged(&bytes, &blows)),
        1 => vec(any::<u8>(), 0..60),
    ]
}

/// Everything that is answered to these messages.
async fn ask(
    client: &Client,
    method: &str,
    messages: Vec<Vec<u8>>,
) -> Result<Vec<Vec<u8>>, Status> {
    let mut raw = tonic::client::Grpc::new(client.channel.clone());
    raw.ready().await.unwrap();
    let path = format!("/tfplugin6.Provider/{method}").parse().unwrap();
    let mut stream =
        raw.streaming(Request::new(tokio_stream::iter(messages)), path, Bytes).await?.into_inner();
    let mut answers = vec![];
    while let Some(answer) = stream.message().await? {
        answers.push(answer);
    }
    Ok(answers)
}

/// What the caller did wrong has a status of its own; everything else is an answer.
fn sound(method: &str, answer: Result<Vec<Vec<u8>>, Status>) {
    match answer {
        Ok(answers) => {
            let broken = answers
                .iter()
                .find(|a| String::from_utf8_lossy(a).contains("mistake in the provider"));
            assert!(broken.is_none(), "{method}: {}", String::from_utf8_lossy(broken.unwrap()));
            // A list of what there is may be empty.
            let empty = answers.is_empty() && !method.starts_with("ListResource");
            assert!(!empty, "{method} said nothing");
        }
        Err(status) => {
            let unread = status.code() == Code::Internal && status.message().contains("decode");
            assert!(
                unread || status.message().contains("Missing request message"),
                "{method}: {status:?}"
            );
        }
    }
}

#[test]
fn the_protocol_is_whole() {
    assert_eq!(methods().len(), 36, "{:?}", methods());
}

#[tokio::test]
async fn every_method_answers_whatever_it_is_sent() {
    let (served, client) = served().await;
    let mut runner = runner(12);
    let strategy = vec(message(), 0..3);
    // What sets the provider up is left out: settings that fit by chance would have it look for credentials outside this machine.
    for method in methods().into_iter().filter(|method| *method != "ConfigureProvider") {
        for _ in 0..runner.config().cases {
            let messages = strategy.new_tree(&mut runner).unwrap().current();
            let told = format!("{method} {messages:02x?}");
            let answer = timeout(LIMIT, ask(&client, method, messages)).await;
            sound(&told, answer.unwrap_or_else(|_| panic!("{told} hangs")));
        }
    }
    assert!(served.client().await.is_served().await);
}
