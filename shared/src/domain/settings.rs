//! The sections of the configuration that people change: what each may hold, and what is wrong with what it may not.
//!
//! A section that nobody has changed is its defaults. What is checked here is the value alone; whether it fits amoCRM's account
//! or Facebook's is for the diagnostics.

mod ad_accounts;
mod alerts;
mod products;
mod teams;
mod texts;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

pub use ad_accounts::{AdAccountSettings, AdAccounts};
pub use alerts::{AlertSettings, QuietHours};

use super::crm::payment::{self, PaymentStages};
use super::message::{self, Texts};
use super::rules::{Products, Rules, Teams};

/// The longest JSON of a section. A change stores it up to four times in one transaction, and both sides of it in one item of the
/// audit, which may hold 400 KB.
const MOST_BYTES: usize = 100_000;

/// A section.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// Whose a sale is.
    Teams,
    /// What is a sale, and of what.
    Products,
    /// Which stage a payment method means.
    PaymentStages,
    /// What is pulled of which ad account, and what it may spend.
    AdAccounts,
    /// What messages say.
    Notifications,
    /// When the school's chat is told that something fell off.
    Alerts,
}

/// A field and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where it stands, as `[0].patterns[2].text`.
    pub field: String,
    /// What has to change.
    pub problem: String,
}

impl Problem {
    fn new(field: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { field: field.into(), problem: problem.into() }
    }
}

impl Section {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Teams,
        Self::Products,
        Self::PaymentStages,
        Self::AdAccounts,
        Self::Notifications,
        Self::Alerts,
    ];

    /// Its name in addresses and keys.
    pub fn name(self) -> &'static str {
        match self {
            Self::Teams => Teams::SECTION,
            Self::Products => Products::SECTION,
            Self::PaymentStages => payment::SECTION,
            Self::AdAccounts => AdAccounts::SECTION,
            Self::Notifications => message::SECTION,
            Self::Alerts => AlertSettings::SECTION,
        }
    }

    /// Reads what [`Section::name`] writes.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|section| section.name() == name)
    }

    /// Whether it decides about money, so that every version of it is kept.
    pub fn is_of_rules(self) -> bool {
        matches!(self, Self::Teams | Self::Products)
    }

    /// What it holds while nobody has changed it.
    pub fn defaults(self) -> Value {
        let value = match self {
            Self::Teams => serde_json::to_value(Teams::default()),
            Self::Products => serde_json::to_value(Products::default()),
            Self::PaymentStages => serde_json::to_value(PaymentStages::default()),
            Self::AdAccounts => serde_json::to_value(AdAccounts::default()),
            Self::Notifications => serde_json::to_value(Texts::default()),
            Self::Alerts => serde_json::to_value(AlertSettings::default()),
        };
        value.unwrap_or_default()
    }

    /// The value as it is stored, or all that is wrong with it. `rules` are those in force.
    pub fn check(self, value: &Value, rules: &Rules) -> Result<Value, Vec<Problem>> {
        fits(value)?;
        let value = match self {
            Self::Teams => checked(value, |value: &mut Teams| teams::check(value, &rules.teams)),
            Self::Products => checked(value, products::check),
            Self::PaymentStages => checked(value, |value: &mut PaymentStages| stages(value)),
            Self::AdAccounts => {
                checked(value, |accounts: &mut AdAccounts| ad_accounts::check(accounts, value))
            }
            Self::Notifications => checked(value, texts::check),
            Self::Alerts => checked(value, alerts::check),
        }?;
        // What was left out is there now.
        fits(&value)?;
        Ok(value)
    }
}

fn fits(value: &Value) -> Result<(), Vec<Problem>> {
    if value.to_string().len() <= MOST_BYTES {
        return Ok(());
    }
    Err(vec![Problem::new("value", format!("must not be longer than {MOST_BYTES} bytes of JSON"))])
}

/// Reads a value strictly, has it checked, and writes it as it will be read.
fn checked<T: Serialize + DeserializeOwned>(
    value: &Value,
    check: impl FnOnce(&mut T) -> Vec<Problem>,
) -> Result<Value, Vec<Problem>> {
    let mut track = serde_path_to_error::Track::new();
    let value = serde_path_to_error::Deserializer::new(value, &mut track);
    let mut problems = vec![];
    let read = serde_ignored::deserialize(value, |path| {
        // What may be absent is a step of its own in these paths.
        problems.push(Problem::new(path.to_string().replace(".?", ""), "is not known"));
    });
    let mut read: T = read.map_err(|error: serde_json::Error| {
        let path = track.path().to_string();
        let field = if path == "." { "value".to_owned() } else { path };
        vec![Problem::new(field, error.to_string())]
    })?;
    problems.extend(check(&mut read));
    if !problems.is_empty() {
        return Err(problems);
    }
    serde_json::to_value(&read).map_err(|error| vec![Problem::new("value", error.to_string())])
}

fn stages(value: &PaymentStages) -> Vec<Problem> {
    let mut problems = vec![];
    if value.pipeline_id == 0 {
        problems.push(Problem::new("pipeline_id", "must be a pipeline of the account"));
    }
    for (method, stage) in &value.stages {
        if *stage == 0 {
            problems
                .push(Problem::new(format!("stages.{}", method.as_str()), "must be a stage of the pipeline"));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// What is wrong, as `field: problem`.
    fn wrong(section: Section, value: &Value) -> Vec<String> {
        let problems = section.check(value, &Rules::default()).err().unwrap_or_default();
        problems.into_iter().map(|problem| format!("{}: {}", problem.field, problem.problem)).collect()
    }

    #[test]
    fn the_defaults_of_every_section_are_good_and_read_back() {
        for section in Section::ALL {
            let defaults = section.defaults();
            assert_eq!(section.check(&defaults, &Rules::default()), Ok(defaults), "{section:?}");
            assert_eq!(Section::parse(section.name()), Some(section));
        }
        assert_eq!(Section::parse("secrets"), None);
    }

    #[test]
    fn a_value_that_cannot_be_read_names_the_field() {
        let mut teams = Section::Teams.defaults();
        teams[1]["patterns"][0]["matching"] = json!("somewhere");
        assert!(
            wrong(Section::Teams, &teams)[0].starts_with("[1].patterns[0]"),
            "{:?}",
            wrong(Section::Teams, &teams)
        );
        assert!(wrong(Section::Products, &json!([]))[0].starts_with("value: "));
        let misspelt = json!({"pipeline_id": 1, "stage": {}});
        assert_eq!(wrong(Section::PaymentStages, &misspelt), ["stage: is not known"]);
        let stages = json!({"pipeline_id": 0, "stages": {"kaspi": 0}});
        assert_eq!(wrong(Section::PaymentStages, &stages).len(), 2);
    }

    #[test]
    fn every_wrong_team_is_named() {
        let mut teams = Section::Teams.defaults();
        teams[0]["id"] = json!("Kenesary!");
        teams[1]["color"] = json!("blue");
        teams[1]["title"] = json!(" ");
        teams[2]["ad_accounts"] = json!(["act_666059476005255", "me"]);
        teams[3]["patterns"] = json!([{"text": " ", "matching": "word"}, {"text": "A", "matching": "word"}, {"text": "a", "matching": "word"}]);
        let expected = [
            "[0].id: must be lower-case latin letters, digits, _ or -, at most 32",
            "[1].title: must not be empty, nor longer than 60 characters",
            "[1].color: must be written as #rrggbb",
            "[2].ad_accounts[0]: is arystan's already",
            "[2].ad_accounts[1]: must be digits, with or without act_",
            "[3].patterns[0].text: must not be empty, nor longer than 100 characters",
            "[3].patterns[2].text: stands there twice",
            "value: team kenesary is missing: its sales stand; take its patterns away instead",
        ];
        assert_eq!(wrong(Section::Teams, &teams), expected);
    }

    #[test]
    fn an_ad_account_is_kept_by_its_digits() {
        let mut teams = Section::Teams.defaults();
        teams[0]["ad_accounts"] = json!(["act_964264512447589"]);
        assert_eq!(Section::Teams.check(&teams, &Rules::default()), Ok(Section::Teams.defaults()));
    }

    #[test]
    fn what_could_not_be_stored_is_refused_before_it_is_looked_at() {
        let mut teams = Section::Teams.defaults();
        let pattern = |n: usize| json!({"text": format!("{n:04}{}", "я".repeat(90)), "matching": "word"});
        teams[0]["patterns"] = (0..200).map(pattern).collect();
        assert_eq!(wrong(Section::Teams, &teams), Vec::<String>::new());
        for place in 1..4 {
            teams[place]["patterns"] = (0..200).map(|n| pattern(200 * place + n)).collect();
        }
        assert_eq!(wrong(Section::Teams, &teams), ["value: must not be longer than 100000 bytes of JSON"]);
        let nonsense = Value::Array(vec![json!("?"); 100_000]);
        for section in Section::ALL {
            assert_eq!(wrong(section, &nonsense).len(), 1, "{section:?}");
        }
    }

    #[test]
    fn lists_that_are_too_long_are_refused_by_their_field() {
        let mut teams = Section::Teams.defaults();
        teams[0]["ad_accounts"] = (1..=101).map(|n| json!(n.to_string())).collect();
        assert_eq!(wrong(Section::Teams, &teams), ["[0].ad_accounts: must not be more than 100"]);
        let mut products = Section::Products.defaults();
        let stages =
            |from: u64| -> Value { (0..101).map(|n| json!({"pipeline": from, "stage": n})).collect() };
        products["products"][1]["stages"] = stages(1);
        products["stages"] = json!({"sale": stages(2), "excluded": stages(3)});
        products["utm_fields"] = (1..=101).map(|n| (n.to_string(), json!("utm_source"))).collect();
        let expected = [
            "products[1].stages: must not be more than 100",
            "stages.sale: must not be more than 100",
            "stages.excluded: must not be more than 100",
            "utm_fields: must not be more than 100",
        ];
        assert_eq!(wrong(Section::Products, &products), expected);
        let accounts: Value = (1..=501).map(|n| (n.to_string(), json!({}))).collect();
        assert_eq!(wrong(Section::AdAccounts, &accounts), ["value: must not name more than 500 accounts"]);
    }

    #[test]
    fn an_account_that_is_named_twice_is_refused() {
        let value = json!({"12": {"enabled": false}, "act_12": {"enabled": true}, "13": {}});
        assert_eq!(wrong(Section::AdAccounts, &value), ["act_12: is the same account as 12"]);
    }

    #[test]
    fn prices_that_tell_two_products_or_none_are_refused() {
        let mut products = Section::Products.defaults();
        products["products"][0]["to_price"] = json!(490_000);
        assert_eq!(
            wrong(Section::Products, &products),
            ["products[1].from_price: overlaps the prices of express"]
        );
        products["products"][0]["to_price"] = json!(4_000);
        assert_eq!(
            wrong(Section::Products, &products),
            ["products[0].to_price: must not be under from_price"]
        );
        products["products"][0] = products["products"][1].clone();
        let twice = wrong(Section::Products, &products);
        assert!(twice.contains(&"products[1].product: stands there twice".to_owned()), "{twice:?}");
        assert!(twice.contains(&"products: express is missing".to_owned()), "{twice:?}");
    }

    #[test]
    fn a_text_must_be_there_and_fit() {
        let mut texts = Section::Notifications.defaults();
        texts["sms_express"] = json!(" ");
        texts["email_express"]["subject"] = json!("a\nb");
        texts["telegram_sale"] = json!("я".repeat(4_000));
        let expected = [
            "telegram_sale: must not be longer than 3500 characters",
            "sms_express: must not be empty",
            "email_express.subject: must be one line",
        ];
        assert_eq!(wrong(Section::Notifications, &texts), expected);
    }

    #[test]
    fn an_account_may_be_switched_off_and_limited_in_its_own_currency() {
        let value = json!({"act_12": {"enabled": false}, "13": {"daily_limit": {"amount": 5_000, "currency": "USD"}}});
        let stored = json!({"12": {"enabled": false}, "13": {"enabled": true, "daily_limit": {"amount": 5_000, "currency": "USD"}}});
        assert_eq!(Section::AdAccounts.check(&value, &Rules::default()), Ok(stored));
        let value = json!({"13": {"daily_limit": {"amount": 0, "currency": "USD"}}});
        assert_eq!(wrong(Section::AdAccounts, &value), ["13.daily_limit: must be above 0"]);
        assert_eq!(wrong(Section::AdAccounts, &json!({"me": {}})).len(), 1);
    }

    #[test]
    fn what_is_wrong_with_alerts_is_named_by_its_field() {
        let value = json!({"quiet_hours": null, "token_days": [1, 7]});
        let stored =
            json!({"quiet_hours": null, "token_days": [7, 1], "proof_minutes": 30, "breaker_minutes": 15});
        assert_eq!(Section::Alerts.check(&value, &Rules::default()), Ok(stored));
        let value = json!({
            "quiet_hours": {"from": "22:00", "to": "22:00"}, "token_days": [7, 0, 7],
            "proof_minutes": 4, "breaker_minutes": 1_441,
        });
        let expected = [
            "quiet_hours.to: must not be the same as from: use null for no quiet hours",
            "token_days[1]: must be from 1 to 90",
            "token_days[2]: stands there twice",
            "proof_minutes: must be from 5 to 1440",
            "breaker_minutes: must be from 5 to 1440",
        ];
        assert_eq!(wrong(Section::Alerts, &value), expected);
        for text in ["24:00", "9:00", "22:60", "+1:00", "22.00", ""] {
            let value = json!({"quiet_hours": {"from": text, "to": "08:00"}});
            let problems = wrong(Section::Alerts, &value);
            assert!(problems[0].starts_with("quiet_hours.from: must be a time as HH:MM"), "{problems:?}");
        }
        let unknown = json!({"quiet_hours": {"from": "22:00", "to": "08:00", "zone": "UTC"}});
        assert_eq!(wrong(Section::Alerts, &unknown), ["quiet_hours.zone: is not known"]);
    }
}
