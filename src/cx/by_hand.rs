//! This program as a person runs it, beside Terraform.

/// How a person runs this program over the same account.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ByHand {
    /// Where it lies, as the person's shell finds it.
    pub program: String,
    /// Options that lead to the account of the provider block, by name.
    pub options: Vec<(&'static str, String)>,
}

impl ByHand {
    /// The command that shows what goes on in a stack, from before there is one.
    pub fn watch(&self, stack: &str, region: Option<&str>) -> String {
        let mut command = format!("{} watch {stack} --wait", quoted(&self.program));
        let region = region.map(|region| ("region", region));
        let options = self.options.iter().map(|(name, value)| (*name, value.as_str()));
        for (name, value) in region.into_iter().chain(options) {
            command += &format!(" --{name} {}", quoted(value));
        }
        command
    }
}

/// A word that a shell takes as one.
fn quoted(word: &str) -> String {
    if word.contains(char::is_whitespace) { format!("\"{word}\"") } else { word.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_leads_to_the_same_account() {
        let by_hand = ByHand {
            program: "/a b/terraform-provider-quilt".into(),
            options: vec![("profile", "prod".into())],
        };
        assert_eq!(
            by_hand.watch("quilt", Some("eu-west-1")),
            "\"/a b/terraform-provider-quilt\" watch quilt --wait --region eu-west-1 --profile prod"
        );
        assert_eq!(
            ByHand { program: "x".into(), ..ByHand::default() }.watch("quilt", None),
            "x watch quilt --wait"
        );
    }
}
