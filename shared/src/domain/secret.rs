//! The secrets that let us in at the neighbours: which fields each has, how a change is laid over what is kept, and how
//! little of it may be shown.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Map, Value};

/// Fewer characters are left unshown: four of them would be too much of it.
const SHOWN_FROM: usize = 12;

/// What is shown.
const SHOWN: usize = 4;

/// No token is longer.
const LONGEST: usize = 8_000;

/// What amoCRM gives new tokens for: all of it together, or nothing.
const RENEWAL: [&str; 4] = ["refresh_token", "client_id", "client_secret", "redirect_uri"];

/// A secret's fields by name.
pub type Fields = Map<String, Value>;

/// What is kept now, and since when.
#[derive(Clone, Default)]
pub struct Held {
    /// The fields; none where nothing is kept.
    pub fields: Fields,
    /// Since when.
    pub since: Option<DateTime<Utc>>,
}

impl Held {
    /// What a secret holds. One that was made empty, or holds something else than fields, holds nothing.
    pub fn of(value: Option<&str>, since: Option<DateTime<Utc>>) -> Self {
        let fields = value.and_then(|value| serde_json::from_str::<Fields>(value).ok());
        let fields = fields.filter(|fields| !fields.is_empty());
        fields.map_or_else(Self::default, |fields| Self { fields, since })
    }
}

/// Whose secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Neighbour {
    /// Facebook.
    Facebook,
    /// amoCRM.
    Amocrm,
    /// Telegram.
    Telegram,
    /// Mobizon.
    Sms,
    /// OpenAI.
    Openai,
    /// The databases of the system before this one.
    Supabase,
}

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// Its name.
    pub field: String,
    /// What is wrong with it.
    pub problem: String,
}

impl Wrong {
    fn new(field: &str, problem: &str) -> Self {
        Self { field: field.to_owned(), problem: problem.to_owned() }
    }
}

/// A field as it may be shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ShownField {
    name: &'static str,
    is_set: bool,
    last_four: Option<String>,
}

impl Neighbour {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Facebook, Self::Amocrm, Self::Telegram, Self::Sms, Self::Openai, Self::Supabase];

    /// Its name, in paths and in the names of secrets.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Facebook => "facebook",
            Self::Amocrm => "amocrm",
            Self::Telegram => "telegram",
            Self::Sms => "sms",
            Self::Openai => "openai",
            Self::Supabase => "supabase",
        }
    }

    /// The one of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|neighbour| neighbour.as_str() == name)
    }

    /// The fields of its secret; those that have to be there come first, and how many these are.
    fn fields(self) -> (&'static [&'static str], usize) {
        match self {
            Self::Facebook => (&["access_token", "app_id", "app_secret"], 1),
            Self::Amocrm => {
                (&["access_token", "refresh_token", "client_id", "client_secret", "redirect_uri"], 1)
            }
            Self::Telegram => (&["bot_token", "chat_id"], 2),
            Self::Sms => (&["api_key", "from"], 1),
            Self::Openai => (&["api_key"], 1),
            Self::Supabase => (&["landing_key", "tripwire_key"], 0),
        }
    }

    /// What is kept, with what is given laid over it: a field that is null is taken out, one that is not named stays.
    pub fn merged(self, kept: &Fields, given: &Fields) -> Result<Fields, Vec<Wrong>> {
        let (fields, required) = self.fields();
        let mut wrong = vec![];
        let mut merged = kept.clone();
        for (name, value) in given {
            match (fields.contains(&name.as_str()), value) {
                (false, _) => wrong.push(Wrong::new(name, &format!("must be one of: {}", fields.join(", ")))),
                (true, Value::Null) => drop(merged.remove(name)),
                (true, value) => match text(value) {
                    Ok(text) => drop(merged.insert(name.clone(), Value::from(text))),
                    Err(problem) => wrong.push(Wrong::new(name, problem)),
                },
            }
        }
        if given.is_empty() {
            wrong.push(Wrong::new("body", &format!("must have one or more of: {}", fields.join(", "))));
        }
        let is_blamed = |field: &str| wrong.iter().any(|wrong| wrong.field == field);
        let missing =
            fields[..required].iter().filter(|field| !merged.contains_key(**field) && !is_blamed(field));
        let missing: Vec<Wrong> = missing.map(|field| Wrong::new(field, "is missing")).collect();
        wrong.extend(missing);
        if merged.is_empty() && wrong.is_empty() {
            wrong.push(Wrong::new("body", "would leave nothing"));
        }
        if wrong.is_empty() && self == Self::Amocrm {
            wrong = unlike_pair(kept, given, &merged);
        }
        if wrong.is_empty() { Ok(merged) } else { Err(wrong) }
    }

    /// The first field given that only new tokens can try: the access token beside it works whatever it is.
    pub fn renews_by(self, given: &Fields) -> Option<&'static str> {
        RENEWAL.into_iter().find(|field| self == Self::Amocrm && is_set(given, field))
    }

    /// The field that is to blame where the neighbour refuses: the only one that is given, else the one that is its key.
    pub fn blamed(self, given: &Fields) -> &'static str {
        let (fields, _) = self.fields();
        let mut set = fields.iter().filter(|field| is_set(given, field));
        match (set.next(), set.next()) {
            (Some(only), None) => only,
            _ => fields.first().copied().unwrap_or("body"),
        }
    }

    /// The fields as they may be shown.
    pub fn shown(self, kept: &Fields) -> Vec<ShownField> {
        let (fields, _) = self.fields();
        let shown = |name: &&'static str| {
            let value = kept.get(*name).and_then(plain).filter(|value| !value.is_empty());
            ShownField { name, is_set: value.is_some(), last_four: value.as_deref().and_then(last_four) }
        };
        fields.iter().map(shown).collect()
    }

    /// The same for the audit: the last four characters by field, null where they are not shown, fields that are not set
    /// left out.
    pub fn traced(self, kept: &Fields) -> Value {
        let set = self.shown(kept).into_iter().filter(|field| field.is_set);
        Value::Object(set.map(|field| (field.name.to_owned(), field.last_four.into())).collect())
    }
}

fn is_set(given: &Fields, field: &str) -> bool {
    given.get(field).is_some_and(|value| !value.is_null())
}

/// What keeps amoCRM's tokens from being of one and the same kind: a refresh token renews the access token that it came with.
fn unlike_pair(kept: &Fields, given: &Fields, merged: &Fields) -> Vec<Wrong> {
    const OF_ANOTHER: &str = "belongs to the access token before: give the one that came with this, or null where this is long-lived";
    if is_set(given, "access_token") && is_set(kept, "refresh_token") && !given.contains_key("refresh_token")
    {
        return vec![Wrong::new("refresh_token", OF_ANOTHER)];
    }
    let is_renewed = RENEWAL.iter().any(|field| is_set(given, field));
    let missing = RENEWAL.iter().filter(|field| is_renewed && !is_set(merged, field));
    missing
        .map(|field| Wrong::new(field, "is missing: new tokens are asked for with four fields together"))
        .collect()
}

/// A value as it is kept: a text that can be a token, an id, a name, an address.
fn text(value: &Value) -> Result<String, &'static str> {
    let text = plain(value).ok_or("must be a text")?;
    match text.as_str() {
        "" => Err("must not be empty; null takes it out"),
        text if text.len() > LONGEST => Err("is too long"),
        text if text.chars().any(char::is_control) => Err("must be one line"),
        _ => Ok(text),
    }
}

fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn last_four(text: &str) -> Option<String> {
    let count = text.chars().count();
    (count >= SHOWN_FROM).then(|| text.chars().skip(count - SHOWN).collect())
}

#[cfg(test)]
#[path = "secret_tests.rs"]
mod tests;
