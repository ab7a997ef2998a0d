//! Where a database or a search domain lives: a VPC and subnets without a route out, which never change.

use crate::cloudformation::stack::Stack;
use crate::tf::Value;

/// Ids in a configuration or state.
type Ids = Value<Vec<Value<String>>>;

/// A VPC and its subnets, as far as they are known.
pub type Place<'a> = (&'a Value<String>, &'a Ids);

/// Checks what is known of it: it has a VPC and `least` subnets or more.
pub fn check((vpc_id, subnet_ids): Place, least: usize) -> Result<(), String> {
    let wanted = if least == 1 { "a subnet" } else { "two subnets in different zones" };
    if vpc_id.is_null() {
        return Err("`vpc_id` is missing.".into());
    }
    match subnet_ids {
        Value::Null => Err(format!("`intra_subnet_ids` is missing: {wanted}.")),
        Value::Value(ids) if ids.len() < least => {
            Err(format!("`intra_subnet_ids` needs {wanted}."))
        }
        Value::Value(ids) => twice(ids),
        _ => Ok(()),
    }
}

fn twice(ids: &[Value<String>]) -> Result<(), String> {
    let known: Vec<_> = ids.iter().filter_map(Value::as_deref_option).collect();
    match known.iter().enumerate().find(|(i, id)| known[..*i].contains(id)) {
        Some((_, id)) => Err(format!(
            "`intra_subnet_ids` has `{id}` twice. Name each subnet once, in different zones."
        )),
        None => Ok(()),
    }
}

/// Checks the form of what is known of it. Not offline: ids that a test makes up are no such ids.
pub fn check_ids((vpc_id, subnet_ids): Place) -> Result<(), String> {
    let subnets = subnet_ids.iter().flatten();
    let all = [("vpc_id", vpc_id, "vpc-", "a VPC")]
        .into_iter()
        .chain(subnets.map(|id| ("intra_subnet_ids", id, "subnet-", "a subnet")));
    for (member, id, beginning, what) in all {
        if let Some(id) = id.as_deref_option().filter(|id| !id.starts_with(beginning)) {
            return Err(format!(
                "`{id}` in `{member}` is not the id of {what}: such ids begin with `{beginning}`."
            ));
        }
    }
    Ok(())
}

/// The ids that are known, as a parameter takes them.
pub fn joined(ids: &Ids) -> String {
    let known = ids.as_ref_option().into_iter().flatten().filter_map(Value::as_deref_option);
    known.collect::<Vec<_>>().join(",")
}

/// Both are known, and they are not the same place.
pub fn elsewhere(before: Place, now: Place) -> bool {
    let text = |value: &Value<String>| value.as_ref_option().cloned();
    let ids = |ids: &Ids| {
        let mut ids = ids.as_ref_option()?.iter().map(text).collect::<Option<Vec<_>>>()?;
        ids.sort();
        Some(ids)
    };
    let subnets = matches!((ids(before.1), ids(now.1)), (Some(a), Some(b)) if a != b);
    subnets || matches!((text(before.0), text(now.0)), (Some(a), Some(b)) if a != b)
}

/// The place a stack was made in, by its parameters `Vpc` and `Subnets`.
pub fn of(stack: &Stack) -> (Value<String>, Ids) {
    let subnets = stack.parameters.get("Subnets").map_or("", String::as_str).split(',');
    let ids: Vec<Value<String>> =
        subnets.filter(|id| !id.is_empty()).map(|id| id.to_string().into()).collect();
    (stack.parameters.get("Vpc").cloned().into(), ids.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tf::known;

    fn ids(list: &[&str]) -> Ids {
        list.iter().map(|id| known(*id)).collect::<Vec<_>>().into()
    }

    #[test]
    fn only_what_is_known_to_differ_is_elsewhere() {
        let (vpc, two) = (known("vpc-1"), ids(&["a", "b"]));
        assert!(!elsewhere((&vpc, &two), (&vpc, &ids(&["b", "a"]))));
        assert!(!elsewhere(
            (&vpc, &two),
            (&Value::Unknown, &vec![known("a"), Value::Unknown].into())
        ));
        assert!(elsewhere((&vpc, &two), (&vpc, &ids(&["a", "c"]))));
        assert!(elsewhere((&vpc, &two), (&known("vpc-2"), &Value::Unknown)));
    }

    #[test]
    fn ids_are_of_their_kind_and_stand_once() {
        let (vpc, two) = (known("vpc-1"), ids(&["subnet-1", "subnet-2"]));
        assert_eq!(check_ids((&vpc, &two)), Ok(()));
        assert_eq!(check_ids((&Value::Unknown, &vec![Value::Unknown].into())), Ok(()));
        for (vpc, subnets, part) in [
            (known("main"), two, "`main` in `vpc_id` is not the id of a VPC"),
            (vpc, ids(&["subnet-1", "sg-2"]), "`sg-2` in `intra_subnet_ids` is not the id"),
        ] {
            assert!(check_ids((&vpc, &subnets)).unwrap_err().starts_with(part));
        }
        let twice = check((&known("vpc-1"), &ids(&["subnet-1", "subnet-1"])), 2).unwrap_err();
        assert!(twice.starts_with("`intra_subnet_ids` has `subnet-1` twice."));
    }

    #[test]
    fn a_place_has_a_vpc_and_subnets() {
        let (vpc, one) = (known("vpc-1"), ids(&["a"]));
        assert_eq!(
            (check((&vpc, &one), 1), check((&Value::Unknown, &Value::Unknown), 2)),
            (Ok(()), Ok(()))
        );
        for (place, least) in
            [((&Value::Null, &one), 1), ((&vpc, &one), 2), ((&vpc, &Value::Null), 1)]
        {
            assert!(check(place, least).is_err());
        }
    }
}
