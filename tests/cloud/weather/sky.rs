//! Which calls are hit: the rules of every account, counted and drawn.

use std::collections::BTreeMap;
use std::sync::Mutex;

use regex_lite::Regex;
use serde::Deserialize;

use super::past::Past;
use super::{Fault, Forecast, Weather};

/// A call as the engine names it.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Call {
    pub service: String,
    pub action: String,
    pub account: String,
    pub region: String,
    pub names: Vec<String>,
}

impl Call {
    /// Whether it may change something.
    fn writes(&self) -> bool {
        let reads = [
            "Describe",
            "Get",
            "List",
            "Head",
            "Validate",
            "Estimate",
            "Search",
            "Simulate",
            "AssumeRole",
            "Lookup",
            "BatchGet",
            "Query",
            "query",
            "login",
            "token",
            "config",
        ];
        !reads.iter().any(|read| self.action.starts_with(read))
    }
}

/// What strikes a call.
#[derive(Clone, Debug, PartialEq)]
pub struct Strike {
    pub fault: Fault,
    /// The request takes effect first.
    pub after: bool,
    /// How far through its `times` the rule was, in percent.
    pub percent: u32,
}

/// The weather of all accounts; that of account "" is for those that have none of their own.
#[derive(Default)]
pub struct Sky {
    accounts: Mutex<BTreeMap<String, Account>>,
    /// What is still shown as it was.
    pub past: Past,
    /// What happens before a call gets through.
    before: Mutex<Vec<Before>>,
}

/// Something that happens once, before the next call of an account whose action fits.
struct Before {
    account: String,
    on: Regex,
    happens: Box<dyn FnOnce() + Send>,
}

#[derive(Default)]
struct Account {
    seed: u64,
    rules: Vec<Rule>,
}

struct Rule {
    weather: Weather,
    on: Regex,
    service: Regex,
    about: Option<Regex>,
    /// Calls that fitted, by service and action: each action draws its own lots, whatever the others do meanwhile.
    fitted: BTreeMap<String, u64>,
    passed: u32,
    struck: u32,
}

impl Sky {
    /// Whether nothing can happen to anybody.
    pub fn is_clear(&self) -> bool {
        self.accounts().values().all(|account| account.rules.is_empty()) && self.before().is_empty()
    }

    /// Has something happen once, before the next call of the account whose action this expression fits wholly.
    pub fn happens_before(
        &self,
        account: &str,
        actions: &str,
        happens: impl FnOnce() + Send + 'static,
    ) -> Result<(), regex_lite::Error> {
        let on = Regex::new(&format!("^(?:{actions})$"))?;
        self.before().push(Before { account: account.into(), on, happens: Box::new(happens) });
        Ok(())
    }

    /// Lets happen what was to happen before this call.
    pub fn let_happen(&self, call: &Call) {
        let mut waiting = self.before();
        let due: Vec<_> = waiting
            .extract_if(.., |before| {
                before.account == call.account && before.on.is_match(&call.action)
            })
            .collect();
        drop(waiting);
        due.into_iter().for_each(|before| (before.happens)());
    }

    fn before(&self) -> std::sync::MutexGuard<'_, Vec<Before>> {
        self.before.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Takes over a forecast; rules that stay in their place keep their count.
    pub fn set(&self, account: &str, forecast: &Forecast) -> Result<(), regex_lite::Error> {
        if forecast.weather.is_empty() {
            self.past.clear(account);
        }
        let mut accounts = self.accounts();
        let known = accounts.entry(account.into()).or_default();
        let mut before = std::mem::take(&mut known.rules).into_iter();
        let same =
            |weather: &Weather, rule: Option<Rule>| rule.filter(|rule| rule.weather == *weather);
        let rules = forecast
            .weather
            .iter()
            .map(|weather| same(weather, before.next()).map_or_else(|| rule(weather), Ok));
        known.rules = rules.collect::<Result<_, _>>()?;
        known.seed = forecast.seed;
        Ok(())
    }

    /// What happens to a call, if anything does.
    pub fn strike(&self, call: &Call) -> Option<Strike> {
        let mut accounts = self.accounts();
        let key = if accounts.contains_key(&call.account) { call.account.as_str() } else { "" };
        let account = accounts.get_mut(key)?;
        let seed = account.seed;
        account.rules.iter_mut().zip(0..).find_map(|(rule, place)| rule.strike(call, seed, place))
    }

    fn accounts(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Account>> {
        self.accounts.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

fn rule(weather: &Weather) -> Result<Rule, regex_lite::Error> {
    let whole = |pattern: &str| Regex::new(&format!("^(?:{pattern})$"));
    let about = weather.about.as_deref().map(whole).transpose()?;
    let (on, service) = (whole(&weather.on)?, whole(&weather.service)?);
    Ok(Rule {
        weather: weather.clone(),
        on,
        service,
        about,
        fitted: BTreeMap::new(),
        passed: 0,
        struck: 0,
    })
}

impl Rule {
    fn strike(&mut self, call: &Call, seed: u64, place: u64) -> Option<Strike> {
        let over = self.weather.times.is_some_and(|times| self.struck >= times);
        if over || !self.fits(call) {
            return None;
        }
        if self.passed < self.weather.skip {
            self.passed += 1;
            return None;
        }
        let lot = format!("{} {}", call.service, call.action);
        let count = self.fitted.entry(lot.clone()).or_default();
        *count += 1;
        if draw(&[seed, place, *count, digest(&lot)]) >= self.weather.odds {
            return None;
        }
        let percent = self.weather.times.map_or(0, |times| 100 * self.struck / times.max(1));
        self.struck += 1;
        Some(Strike { fault: self.weather.fault.clone(), after: self.weather.after, percent })
    }

    fn fits(&self, call: &Call) -> bool {
        let about = |wanted: &Regex| match call.names.is_empty() {
            true => wanted.is_match(""),
            false => call.names.iter().any(|name| wanted.is_match(name)),
        };
        self.on.is_match(&call.action)
            && self.service.is_match(&call.service)
            && self.about.as_ref().is_none_or(about)
            && (!self.weather.writes || call.writes())
    }
}

/// A number from 0 to 1 that follows from these alone (splitmix64).
fn draw(from: &[u64]) -> f64 {
    let mixed = from.iter().fold(0u64, |state, part| {
        let z = (state ^ part).wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    });
    (mixed >> 11) as f64 / (1u64 << 53) as f64
}

/// The same number for the same text, in every build (FNV-1a).
fn digest(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(action: &str, name: &str) -> Call {
        Call {
            service: "cloudformation".into(),
            action: action.into(),
            account: "1".into(),
            names: vec![name.into()],
            ..Call::default()
        }
    }

    fn sky(seed: u64, weather: &[Weather]) -> Sky {
        let sky = Sky::default();
        sky.set("1", &Forecast { seed, weather: weather.to_vec(), ..Forecast::default() }).unwrap();
        sky
    }

    #[test]
    fn rules_are_for_some_calls_some_times() {
        let sky = sky(
            0,
            &[
                Fault::Throttled.on("Describe.*").about("prod").skip(1).times(2),
                Fault::Reset.on("CreateStack").after(),
            ],
        );
        let hits: Vec<_> = (0..5)
            .map(|_| sky.strike(&call("DescribeStacks", "prod")).map(|strike| strike.percent))
            .collect();
        assert_eq!(hits, [None, Some(0), Some(50), None, None]);
        assert_eq!(sky.strike(&call("DescribeStacks", "production")), None);
        assert_eq!(
            sky.strike(&call("CreateStack", "x")),
            Some(Strike { fault: Fault::Reset, after: true, percent: 0 })
        );
        assert_eq!(sky.strike(&Call { account: "2".into(), ..call("CreateStack", "x") }), None);
    }

    #[test]
    fn readers_may_read() {
        let sky = sky(0, &[Weather::read_only()]);
        assert!(
            ["DescribeStacks", "GetTemplate", "HeadObject", "ListBuckets"]
                .iter()
                .all(|read| sky.strike(&call(read, "")).is_none())
        );
        assert!(
            ["CreateStack", "PutObject", "DetectStackDrift"]
                .iter()
                .all(|write| sky.strike(&call(write, "")).is_some())
        );
    }

    #[test]
    fn a_seed_repeats_a_storm_however_calls_are_mixed() {
        let rules = [Fault::Reset.on(".*").odds(0.3)];
        let hits = |sky: &Sky, action| {
            (0..200).map(|_| sky.strike(&call(action, "")).is_some()).collect::<Vec<_>>()
        };
        let (one, two, other) = (sky(7, &rules), sky(7, &rules), sky(8, &rules));
        let first = (hits(&one, "DescribeStacks"), hits(&one, "GetTemplate"));
        let second = (hits(&two, "GetTemplate"), hits(&two, "DescribeStacks"));
        assert_eq!(first, (second.1, second.0));
        assert_ne!(first.0, hits(&other, "DescribeStacks"));
        let struck = first.0.iter().filter(|hit| **hit).count();
        assert!((40..80).contains(&struck), "{struck} of 200");
    }
}
