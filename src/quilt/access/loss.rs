//! Who would see less in a catalog, by comparing what everybody may do before and after.

use std::collections::BTreeMap;

use super::{Level, Permissions, Policy, Role, User};

/// Everything that decides who sees what.
#[derive(Clone, Debug, Default)]
pub struct World {
    /// All roles.
    pub roles: Vec<Role>,
    /// All policies.
    pub policies: Vec<Policy>,
    /// All users.
    pub users: Vec<User>,
}

/// Somebody who would see less.
#[derive(Clone, Debug, PartialEq)]
pub struct Loser {
    /// The user's name.
    pub name: String,
    /// What they would lose, bucket by bucket: `None`: all of it, or else what is left.
    pub buckets: BTreeMap<String, Option<Level>>,
}

impl World {
    /// What a role allows; an IAM role of somebody else tells nothing.
    fn allowed(&self, role: &Role) -> Permissions {
        let mut all = Permissions::new();
        for policy in self.policies.iter().filter(|policy| role.policies.contains(&policy.id)) {
            for (bucket, level) in &policy.permissions {
                let held = all.entry(bucket.clone()).or_insert(*level);
                *held = (*held).max(*level);
            }
        }
        all
    }

    /// What a user may do by any of their roles.
    fn of_user(&self, user: &User) -> Permissions {
        let mut all = Permissions::new();
        for role in self.roles.iter().filter(|role| user.has(&role.name)) {
            for (bucket, level) in self.allowed(role) {
                let held = all.entry(bucket).or_insert(level);
                *held = (*held).max(level);
            }
        }
        all
    }
}

/// Those who would see less after than before, by name.
pub fn losers(before: &World, after: &World) -> Vec<Loser> {
    let people = before.users.iter().filter(|user| user.active && !user.service);
    let mut losers: Vec<_> = people
        .filter_map(|user| {
            let (had, has) = (before.of_user(user), after.of_user(user));
            let less = had.iter().filter(|(bucket, level)| has.get(*bucket) < Some(*level));
            let buckets: BTreeMap<_, _> =
                less.map(|(bucket, _)| (bucket.clone(), has.get(bucket).copied())).collect();
            (!buckets.is_empty()).then(|| Loser { name: user.name.clone(), buckets })
        })
        .collect();
    losers.sort_by(|a, b| a.name.cmp(&b.name));
    losers
}

#[cfg(test)]
mod tests {
    use super::*;

    fn world() -> World {
        let policy = |id: &str, permissions: &[(&str, Level)]| Policy {
            id: id.into(),
            permissions: permissions.iter().map(|(b, l)| (b.to_string(), *l)).collect(),
            ..Policy::default()
        };
        let role = |name: &str, policies: &[&str]| Role {
            id: name.into(),
            name: name.into(),
            policies: policies.iter().map(ToString::to_string).collect(),
            ..Role::default()
        };
        let user = |name: &str, role: &str, active| User {
            name: name.into(),
            active,
            role: Some(role.into()),
            ..User::default()
        };
        World {
            roles: vec![role("Readers", &["p"]), role("Writers", &["p", "q"])],
            policies: vec![
                policy("p", &[("a", Level::Read)]),
                policy("q", &[("a", Level::ReadWrite), ("b", Level::Read)]),
            ],
            users: vec![
                user("ben", "Writers", true),
                user("ana", "Readers", true),
                user("old", "Readers", false),
            ],
        }
    }

    fn told(after: World) -> Vec<String> {
        let level = |level: &Option<Level>| level.map_or("", Level::word);
        losers(&world(), &after)
            .iter()
            .map(|l| {
                let buckets: Vec<_> =
                    l.buckets.iter().map(|(b, left)| format!("{b}={}", level(left))).collect();
                format!("{} {}", l.name, buckets.join(" "))
            })
            .collect()
    }

    #[test]
    fn who_sees_less_is_found_through_policies_and_roles() {
        assert!(told(world()).is_empty());
        let mut narrowed = world();
        narrowed.policies[1].permissions.insert("a".into(), Level::Read);
        assert_eq!(told(narrowed), ["ben a=READ"]);
        let mut emptied = world();
        emptied.policies[0].permissions.clear();
        assert_eq!(told(emptied), ["ana a="], "ben has it by another policy still");
        let mut dropped = world();
        dropped.roles[1].policies.clear();
        assert_eq!(told(dropped), ["ben a= b="]);
    }

    #[test]
    fn a_role_to_change_to_counts_and_a_new_one_takes_nothing() {
        let mut before = world();
        before.users[0].extra_roles = vec!["Readers".into()];
        let mut after = before.clone();
        after.roles[1].policies.remove("q");
        let lost = losers(&before, &after);
        assert_eq!(
            lost[0].buckets,
            [("a".to_string(), Some(Level::Read)), ("b".to_string(), None)].into()
        );
        after.roles[1].policies.insert("q".into());
        assert!(losers(&before, &after).is_empty());
    }
}
