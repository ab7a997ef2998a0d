//! Stacks as CloudFormation tells of them, and what a test does to them behind Terraform's back.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::xml::Node;
use super::{Cloud, Refusal};

/// One stack, as DescribeStacks answers.
#[derive(Clone, Debug)]
pub struct Stack {
    pub id: String,
    pub name: String,
    pub status: String,
    pub reason: Option<String>,
    pub outputs: BTreeMap<String, String>,
    pub parameters: BTreeMap<String, String>,
    pub tags: BTreeMap<String, String>,
    pub capabilities: Vec<String>,
    pub topics: Vec<String>,
    pub role: Option<String>,
    pub minutes: Option<u32>,
    pub protected: bool,
    pub created: String,
    pub updated: Option<String>,
}

/// One resource of a stack.
#[derive(Clone, Debug, PartialEq)]
pub struct Resource {
    pub physical_id: String,
    pub kind: String,
    pub status: String,
}

/// One event of a stack.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    pub resource: String,
    pub status: String,
    pub reason: Option<String>,
    pub token: Option<String>,
}

impl Cloud {
    /// The account's stacks that are not deleted.
    pub fn stacks(&self) -> Vec<Stack> {
        let answer =
            self.query("cloudformation", "DescribeStacks", &[]).expect("listing is always allowed");
        answer.members("Stacks").iter().map(stack).collect()
    }

    /// A stack by name or id; None where CloudFormation says that there is none.
    pub fn stack(&self, name: &str) -> Option<Stack> {
        match self.query("cloudformation", "DescribeStacks", &[("StackName", name)]) {
            Ok(answer) => answer.members("Stacks").first().map(stack),
            Err(refusal) if refusal.message.ends_with("does not exist") => None,
            Err(refusal) => panic!("DescribeStacks {name}: {refusal}"),
        }
    }

    /// The stack once nothing is in progress any more.
    pub fn settled(&self, name: &str) -> Stack {
        self.until(name, |stack| !stack.status.ends_with("_IN_PROGRESS"))
    }

    /// The stack once it looks as wanted; gives up after half a minute.
    pub fn until(&self, name: &str, wanted: impl Fn(&Stack) -> bool) -> Stack {
        let end = Instant::now() + Duration::from_secs(30);
        loop {
            let stack = self.stack(name).unwrap_or_else(|| panic!("there is no stack {name}"));
            if wanted(&stack) {
                return stack;
            }
            assert!(
                Instant::now() < end,
                "{name} is still {}: {:#?}",
                stack.status,
                self.events(&stack.id)
            );
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// The template a stack was made from, as it was sent.
    pub fn template(&self, name: &str) -> String {
        let answer = self.query(
            "cloudformation",
            "GetTemplate",
            &[("StackName", name), ("TemplateStage", "Original")],
        );
        answer
            .expect("the stack exists")
            .find("TemplateBody")
            .map(|node| node.text.clone())
            .unwrap_or_default()
    }

    /// The stack's resources by logical id, the ones on their way too.
    pub fn resources(&self, name: &str) -> BTreeMap<String, Resource> {
        let resource = |node: &Node| Resource {
            physical_id: text(node, "PhysicalResourceId"),
            kind: text(node, "ResourceType"),
            status: text(node, "ResourceStatus"),
        };
        let rows = self.pages("ListStackResources", name, "StackResourceSummaries");
        rows.iter().map(|node| (text(node, "LogicalResourceId"), resource(node))).collect()
    }

    /// The stack's events, oldest first.
    pub fn events(&self, name: &str) -> Vec<Event> {
        let event = |node: &Node| Event {
            resource: text(node, "LogicalResourceId"),
            status: text(node, "ResourceStatus"),
            reason: some(node, "ResourceStatusReason"),
            token: some(node, "ClientRequestToken"),
        };
        self.pages("DescribeStackEvents", name, "StackEvents").iter().rev().map(event).collect()
    }

    fn pages(&self, action: &str, name: &str, list: &str) -> Vec<Node> {
        let (mut rows, mut next) = (Vec::new(), None::<String>);
        loop {
            let token: Vec<_> = next.iter().map(|token| ("NextToken", token.as_str())).collect();
            let mut answer = self
                .query("cloudformation", action, &[&[("StackName", name)], &token[..]].concat())
                .expect("the stack exists");
            next = answer.find("NextToken").map(|node| node.text.clone());
            rows.append(&mut take(&mut answer, list));
            if next.is_none() {
                return rows;
            }
        }
    }

    /// Makes a stack behind Terraform's back, every capability given; returns its id.
    pub fn create_stack(
        &self,
        name: &str,
        body: &str,
        parameters: &[(&str, &str)],
    ) -> Result<String, Refusal> {
        self.change_stack("CreateStack", name, &[("TemplateBody", body)], parameters)
    }

    /// Changes a stack behind Terraform's back.
    pub fn update_stack(
        &self,
        name: &str,
        body: &str,
        parameters: &[(&str, &str)],
    ) -> Result<String, Refusal> {
        self.change_stack("UpdateStack", name, &[("TemplateBody", body)], parameters)
    }

    /// CreateStack or UpdateStack with whatever else is wanted.
    pub fn change_stack(
        &self,
        action: &str,
        name: &str,
        options: &[(&str, &str)],
        parameters: &[(&str, &str)],
    ) -> Result<String, Refusal> {
        let names: Vec<_> = (1..=parameters.len())
            .map(|i| ["Key", "Value"].map(|part| format!("Parameters.member.{i}.Parameter{part}")))
            .collect();
        let mut sent = vec![
            ("StackName", name),
            ("Capabilities.member.1", "CAPABILITY_NAMED_IAM"),
            ("Capabilities.member.2", "CAPABILITY_AUTO_EXPAND"),
        ];
        sent.extend_from_slice(options);
        for ([key, value], (parameter, given)) in names.iter().zip(parameters) {
            sent.extend([(key.as_str(), *parameter), (value.as_str(), *given)]);
        }
        self.query("cloudformation", action, &sent)
            .map(|answer| answer.find("StackId").map(|id| id.text.clone()).unwrap_or_default())
    }

    /// Deletes a stack behind Terraform's back and waits until that is over; returns what is left.
    pub fn delete_stack(&self, name: &str) -> Result<Stack, Refusal> {
        let id = self.stack(name).map_or_else(|| name.to_owned(), |stack| stack.id);
        self.query("cloudformation", "DeleteStack", &[("StackName", name)])?;
        Ok(self.settled(&id))
    }
}

fn take(answer: &mut Node, list: &str) -> Vec<Node> {
    let mut waiting = vec![answer];
    while let Some(node) = waiting.pop() {
        if node.name == list {
            return std::mem::take(&mut node.children);
        }
        waiting.extend(node.children.iter_mut());
    }
    Vec::new()
}

fn stack(node: &Node) -> Stack {
    let map = |list, key, value| {
        node.members(list).iter().map(|row| (text(row, key), text(row, value))).collect()
    };
    let list = |name| node.members(name).iter().map(|row| row.text.clone()).collect();
    Stack {
        id: text(node, "StackId"),
        name: text(node, "StackName"),
        status: text(node, "StackStatus"),
        reason: some(node, "StackStatusReason"),
        outputs: map("Outputs", "OutputKey", "OutputValue"),
        parameters: map("Parameters", "ParameterKey", "ParameterValue"),
        tags: map("Tags", "Key", "Value"),
        capabilities: list("Capabilities"),
        topics: list("NotificationARNs"),
        role: some(node, "RoleARN"),
        minutes: some(node, "TimeoutInMinutes").and_then(|minutes| minutes.parse().ok()),
        protected: text(node, "EnableTerminationProtection") == "true",
        created: text(node, "CreationTime"),
        updated: some(node, "LastUpdatedTime"),
    }
}

fn text(node: &Node, name: &str) -> String {
    node.get(name).unwrap_or_default().to_owned()
}

fn some(node: &Node, name: &str) -> Option<String> {
    node.get(name).filter(|text| !text.is_empty()).map(str::to_owned)
}
