//! AWS's query protocol: what is asked as a form, what is answered as XML.

use aws_smithy_runtime_api::box_error::BoxError;
use aws_types::SdkConfig;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use roxmltree::Document;

use super::{Reading, Refusal, Service, Signed, Written};
use crate::outcome::Result;

/// What is written as it is.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// A service that speaks it.
pub struct Query {
    signed: Signed,
    /// The API's version, a day.
    version: &'static str,
}

/// An element of an answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Node {
    /// Its name.
    pub name: String,
    /// Its text, without space around it.
    pub text: String,
    /// The elements in it.
    pub parts: Vec<Node>,
}

impl Query {
    /// A service by shared settings.
    pub fn new(sdk: &SdkConfig, service: &'static Service, version: &'static str) -> Self {
        Self { signed: Signed::new(sdk, service), version }
    }

    /// Makes a call and gives the answer's outermost element.
    ///
    /// # Errors
    /// As `Signed::call`.
    pub async fn call(
        &self,
        doing: &'static str,
        operation: &'static str,
        asked: &[(String, String)],
    ) -> Result<Node> {
        let written = Written {
            content_type: "application/x-www-form-urlencoded",
            header: None,
            body: form(operation, self.version, asked).into_bytes(),
        };
        self.signed.call(doing, operation, written, Reading { answer: read, refusal }).await
    }
}

fn form(operation: &str, version: &str, asked: &[(String, String)]) -> String {
    let pair = |name: &str, value: &str| {
        format!("{}={}", utf8_percent_encode(name, PLAIN), utf8_percent_encode(value, PLAIN))
    };
    let asked = asked.iter().map(|(name, value)| pair(name, value));
    let all = [pair("Action", operation), pair("Version", version)].into_iter().chain(asked);
    all.collect::<Vec<_>>().join("&")
}

/// Reads an answer.
pub fn read(body: &[u8]) -> std::result::Result<Node, BoxError> {
    Ok(Node::of(Document::parse(std::str::from_utf8(body)?)?.root_element()))
}

/// A code and a text, however deep they stand.
fn refusal(body: &[u8], _header: Option<&str>) -> Refusal {
    let text = String::from_utf8_lossy(body);
    let Ok(document) = Document::parse(&text) else { return Refusal::default() };
    let said = |name| {
        let found = document.descendants().find(|node| node.has_tag_name(name));
        found.and_then(|node| node.text()).unwrap_or_default().trim().to_string()
    };
    Refusal { code: said("Code"), message: said("Message") }
}

impl Node {
    fn of(element: roxmltree::Node) -> Self {
        Self {
            name: element.tag_name().name().into(),
            text: element.text().unwrap_or_default().trim().into(),
            parts: element.children().filter(roxmltree::Node::is_element).map(Self::of).collect(),
        }
    }

    /// The first element of this name in it.
    pub fn part(&self, name: &str) -> Option<&Node> {
        self.parts.iter().find(|part| part.name == name)
    }

    /// The text of an element in it; empty where there is none.
    pub fn text(&self, name: &str) -> String {
        self.part(name).map(|part| part.text.clone()).unwrap_or_default()
    }

    /// What is listed in an element in it.
    pub fn items(&self, name: &str) -> &[Node] {
        self.part(name).map_or(&[], |part| &part.parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_says_what_is_asked() {
        let asked = [("Filter.1.Value.1".to_string(), "a b/ä~".to_string())];
        assert_eq!(
            form("DescribeVpcs", "2016-11-15", &asked),
            "Action=DescribeVpcs&Version=2016-11-15&Filter.1.Value.1=a%20b%2F%C3%A4~"
        );
    }

    #[test]
    fn an_answer_is_read_with_its_namespace_and_its_empty_elements() {
        let text = b"<?xml version=\"1.0\"?>\n<R xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">\n <set>\n  <item><id> a </id><none/></item>\n  <item/>\n </set>\n</R>";
        let node = read(text).unwrap();
        let items = node.items("set");
        assert_eq!((node.name.as_str(), items.len()), ("R", 2));
        assert_eq!((items[0].text("id"), items[0].text("none")), ("a".into(), String::new()));
        assert_eq!((node.items("other").len(), node.text("set")), (0, String::new()));
    }

    #[test]
    fn what_is_no_answer_is_none() {
        for text in ["", "<R><a></R>", "<!DOCTYPE R [<!ENTITY a \"b\">]><R>&a;</R>"] {
            assert!(read(text.as_bytes()).is_err(), "{text}");
        }
    }

    #[test]
    fn refusals_of_both_shapes() {
        let ec2 = "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>No.</Message></Error></Errors></Response>";
        let iam = "<ErrorResponse xmlns=\"x\"><Error><Type>Sender</Type><Code>NoSuchEntity</Code><Message>No.</Message></Error></ErrorResponse>";
        for (text, code) in [(ec2, "UnauthorizedOperation"), (iam, "NoSuchEntity"), ("<html>", "")]
        {
            assert_eq!(refusal(text.as_bytes(), None).code, code);
        }
    }
}
