//! What a plan says of each object: whose state holds it, what stays, goes and comes; and which two of these cannot both be.

use std::borrow::Borrow;

use serde::{Deserialize, Serialize};

mod words;

pub use words::Words;

/// What something is called in AWS: no two of one kind are called the same.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Title {
    /// Of what kind it is, for a sentence: "stack".
    pub kind: String,
    /// The account; empty where it is not known.
    pub account: String,
    /// The process of ours that says so: without accounts only what one provider block says is compared.
    #[serde(default)]
    pub process: u32,
    /// The region.
    pub region: String,
    /// The name.
    pub name: String,
}

impl Title {
    /// Where it is called so: what is in a catalog has the catalog for its account and its region.
    pub fn place(&self) -> &'static str {
        if self.is_in_catalog() { "a catalog" } else { "a region" }
    }

    /// It is no object of AWS.
    pub fn is_in_catalog(&self) -> bool {
        !self.region.is_empty() && self.account == self.region
    }

    /// The two mean the same thing, as far as is known.
    pub fn is(&self, other: &Self) -> bool {
        let account = match (self.account.as_str(), other.account.as_str()) {
            ("", _) | (_, "") => self.process == other.process,
            (one, other) => one == other,
        };
        account
            && (&self.kind, &self.region, &self.name) == (&other.kind, &other.region, &other.name)
    }
}

/// An object that a state holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Object {
    /// What it is called.
    pub title: Title,
    /// Its ARN, or what stands for one: two objects never share it, not even one after another where AWS gives ARNs.
    pub id: String,
    /// The resource type of its block.
    pub block: String,
}

impl Object {
    /// The same for the same object alone.
    fn key(&self) -> String {
        let Title { account, region, .. } = &self.title;
        format!("{account} {region} {}", self.id)
    }
}

/// A creation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coming {
    /// What it will be called.
    pub title: Title,
    /// The resource type of its block.
    pub block: String,
    /// The object in whose stead it comes.
    pub instead_of: Option<String>,
    /// Whether it takes over what is there; `None`: AWS could not be asked.
    pub adopts: Option<bool>,
    /// What is there.
    pub found: Option<String>,
}

/// One thing that was said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Said {
    /// A state holds it.
    Held(Object),
    /// The same, and a look has found it.
    Seen(Object),
    /// AWS says that it does not exist.
    Gone(Object),
    /// It is planned from what is there: it stays.
    Stays(Object),
    /// A plan ends it and makes another in its stead.
    Replaced(Object),
    /// It is deleted.
    Ends(Object),
    /// What was planned of it just now is planned anew.
    Anew(Object),
    /// Something is made.
    Comes(Coming),
    /// An apply has made it, or taken it over.
    Made(Object),
    /// An apply has deleted it.
    Deleted(Object),
}

impl Said {
    /// An apply said so.
    pub fn is_done(&self) -> bool {
        matches!(self, Said::Made(_) | Said::Deleted(_))
    }

    /// The object that a plan begins with.
    fn begins(&self) -> Option<&Object> {
        match self {
            Said::Stays(object) | Said::Replaced(object) | Said::Ends(object) => Some(object),
            _ => None,
        }
    }
}

/// Why two things that one plan says cannot both be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Clash {
    /// Two creations of one name.
    Twice(Title),
    /// One comes by the name of one that stays.
    Taken(Object),
    /// One comes by the name of one that is replaced.
    Swapped(Object),
    /// One goes and one comes, by one name.
    Moved {
        /// What goes.
        gone: Object,
        /// The resource type of the block whose object comes.
        to: String,
    },
    /// Two blocks hold one object.
    Shared(Object),
}

/// Whether two things that one plan says cannot both be.
pub fn clash(one: &Said, other: &Said) -> Option<Clash> {
    match (one, other) {
        (Said::Comes(one), Said::Comes(other)) => {
            one.title.is(&other.title).then(|| Clash::Twice(one.title.clone()))
        }
        (Said::Comes(coming), begun) | (begun, Said::Comes(coming)) => meets(coming, begun),
        // Two deletions of one object are one.
        (Said::Ends(_), Said::Ends(_)) => None,
        (one, other) => {
            let (one, other) = (one.begins()?, other.begins()?);
            (one.id == other.id && one.title.is(&other.title)).then(|| Clash::Shared(one.clone()))
        }
    }
}

/// A creation beside what a plan begins with elsewhere.
fn meets(coming: &Coming, begun: &Said) -> Option<Clash> {
    let object = begun.begins()?;
    if !object.title.is(&coming.title) || coming.instead_of.as_ref() == Some(&object.id) {
        return None;
    }
    Some(match begun {
        Said::Stays(_) => Clash::Taken(object.clone()),
        Said::Replaced(_) => Clash::Swapped(object.clone()),
        _ => Clash::Moved { gone: object.clone(), to: coming.block.clone() },
    })
}

/// A state holds the object of this id, by all that was said.
pub fn holds(said: &[impl Borrow<Said>], id: &str) -> bool {
    let last = said.iter().filter_map(|said| match said.borrow() {
        Said::Held(o)
        | Said::Seen(o)
        | Said::Stays(o)
        | Said::Replaced(o)
        | Said::Ends(o)
        | Said::Made(o)
            if o.id == id =>
        {
            Some(true)
        }
        Said::Gone(o) | Said::Deleted(o) if o.id == id => Some(false),
        _ => None,
    });
    // What one process hears as gone, another one may have heard as held before.
    last.fold(None, |all, now| Some(all.unwrap_or(true) && now)).unwrap_or_default()
}

/// What was said of a creation by this name.
pub fn coming<'a>(said: &'a [impl Borrow<Said>], title: &Title) -> Option<&'a Coming> {
    said.iter().find_map(|said| match said.borrow() {
        Said::Comes(coming) if coming.title.is(title) => Some(coming),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn title(name: &str) -> Title {
        Title {
            kind: "stack".into(),
            account: "1".into(),
            region: "eu".into(),
            name: name.into(),
            process: 1,
        }
    }

    pub fn object(name: &str) -> Object {
        Object { title: title(name), id: format!("arn:{name}"), block: "quilt_stack".into() }
    }

    pub fn comes(name: &str, instead_of: Option<&str>) -> Said {
        Said::Comes(Coming {
            title: title(name),
            instead_of: instead_of.map(|name| format!("arn:{name}")),
            ..Coming::default()
        })
    }

    fn word(one: &Said, other: &Said) -> &'static str {
        let both = [clash(one, other), clash(other, one)];
        assert_eq!(both[0].is_some(), both[1].is_some(), "the order makes no difference");
        match &both[0] {
            None => "both may be",
            Some(Clash::Twice(_)) => "twice",
            Some(Clash::Taken(_)) => "taken",
            Some(Clash::Swapped(_)) => "swapped",
            Some(Clash::Moved { .. }) => "moved",
            Some(Clash::Shared(_)) => "shared",
        }
    }

    #[test]
    fn what_one_plan_may_say_of_one_name() {
        let (stays, replaced, ends) =
            (Said::Stays(object("a")), Said::Replaced(object("a")), Said::Ends(object("a")));
        for (one, other, expected) in [
            (comes("a", None), comes("a", None), "twice"),
            (comes("a", None), comes("b", None), "both may be"),
            (comes("a", Some("a")), comes("a", None), "twice"),
            (comes("a", None), stays.clone(), "taken"),
            (comes("a", None), replaced.clone(), "swapped"),
            (comes("a", Some("a")), replaced.clone(), "both may be"),
            (comes("a", Some("b")), replaced.clone(), "swapped"),
            (comes("a", None), ends.clone(), "moved"),
            (comes("a", None), Said::Held(object("a")), "both may be"),
            (stays.clone(), stays.clone(), "shared"),
            (stays.clone(), ends.clone(), "shared"),
            (replaced, ends.clone(), "shared"),
            (ends.clone(), ends, "both may be"),
            (stays, Said::Held(object("a")), "both may be"),
        ] {
            assert_eq!(word(&one, &other), expected, "{one:?} {other:?}");
        }
    }

    #[test]
    fn accounts_keep_names_apart_where_they_are_known() {
        let of = |account: &str, process| Title { account: account.into(), process, ..title("a") };
        assert!(of("1", 7).is(&of("1", 8)) && !of("1", 7).is(&of("2", 7)));
        assert!(of("1", 7).is(&of("", 7)) && !of("1", 7).is(&of("", 8)));
    }

    #[test]
    fn what_is_gone_is_held_by_nobody() {
        let id = "arn:a";
        assert!(!holds(&[] as &[Said], id));
        assert!(holds(&[Said::Held(object("b")), Said::Held(object("a"))], id));
        assert!(!holds(&[Said::Held(object("a")), Said::Gone(object("a"))], id));
        assert!(!holds(&[Said::Gone(object("a")), Said::Held(object("a"))], id));
    }
}
