//! Reads the XML of AWS's answers into a tree.

/// An element: its name, its text, its children in order.
#[derive(Debug, Default)]
pub struct Node {
    pub name: String,
    pub text: String,
    pub children: Vec<Node>,
}

impl Node {
    /// The first element of this name, at any depth.
    pub fn find(&self, name: &str) -> Option<&Node> {
        self.children
            .iter()
            .find_map(|child| if child.name == name { Some(child) } else { child.find(name) })
    }

    /// The text of a direct child.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.children.iter().find(|child| child.name == name).map(|child| child.text.as_str())
    }

    /// The members of the list of this name, at any depth; none where there is no such list.
    pub fn members(&self, name: &str) -> &[Node] {
        self.find(name).map_or(&[], |list| &list.children)
    }
}

/// Parses a document; attributes, comments and declarations are passed over.
pub fn parse(text: &str) -> Node {
    let mut open = vec![Node::default()];
    for piece in text.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').unwrap_or((piece, ""));
        if let Some(closed) = tag.strip_prefix('/') {
            let node = open.pop().expect("every element was opened");
            assert_eq!(node.name, closed, "elements are nested");
            open.last_mut().expect("the root is never closed").children.push(node);
        } else if !tag.starts_with(['?', '!']) {
            let name = tag.split([' ', '\n', '/']).next().unwrap_or_default().to_owned();
            let node = Node { name, text: unescape(text), children: Vec::new() };
            match tag.ends_with('/') {
                true => open.last_mut().expect("the root is never closed").children.push(node),
                false => open.push(node),
            }
        }
    }
    open.swap_remove(0)
}

fn unescape(text: &str) -> String {
    let named = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#x27;", "'"),
        ("&#39;", "'"),
        ("&#13;", "\r"),
        ("&amp;", "&"),
    ];
    named.iter().fold(text.to_owned(), |text, (entity, character)| text.replace(entity, character))
}
