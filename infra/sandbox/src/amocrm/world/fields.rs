//! Custom fields, and values for them as a write names them.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::amocrm::problem::Flaw;

/// amoCRM takes no more values for one entity.
const MOST: usize = 40;

/// A custom field of deals or of people.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    pub id: u64,
    pub name: String,
    #[serde(default)]
    pub code: Option<String>,
    #[serde(rename = "type")]
    pub kind: String,
    #[serde(default)]
    pub enums: Vec<Choice>,
}

/// One of the values that a field offers; for phones and addresses the sorts of them.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    pub id: u64,
    pub value: String,
}

/// A filled field.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
pub struct Entry {
    pub field_id: u64,
    pub items: Vec<Item>,
}

/// One of its values.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
pub struct Item {
    pub value: Value,
    pub enum_id: Option<u64>,
    pub enum_code: Option<String>,
}

impl Item {
    /// The value as text.
    pub fn text(&self) -> String {
        self.value.as_str().map_or_else(|| self.value.to_string(), str::to_owned)
    }
}

/// A field as a write names it; without values it is cleared.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Given {
    field_id: Option<u64>,
    field_code: Option<String>,
    values: Option<Vec<GivenItem>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct GivenItem {
    value: Option<Value>,
    enum_id: Option<u64>,
    enum_code: Option<String>,
}

/// The fields and values that a write means, or what is wrong with them.
pub fn resolve(fields: &[Field], given: &[Given]) -> Result<Vec<Entry>, Vec<Flaw>> {
    if given.len() > MOST {
        return Err(vec![Flaw::new("TooManyElements", "custom_fields_values", "No more than 40 values.")]);
    }
    let mut entries = Vec::new();
    let mut flaws = Vec::new();
    for (n, one) in given.iter().enumerate() {
        let at = format!("custom_fields_values.{n}");
        let of = |field: &&Field| match (one.field_id, &one.field_code) {
            (Some(id), _) => field.id == id,
            (None, Some(code)) => field.code.as_ref() == Some(code),
            (None, None) => false,
        };
        let Some(field) = fields.iter().find(of) else {
            // amoCRM blames the id also where a code was given.
            flaws.push(Flaw::choice(format!("{at}.field_id")));
            continue;
        };
        let items = one.values.iter().flatten().enumerate();
        let items =
            items.map(|(m, item)| item.of(field).map_err(|flaw| flaw.below(&format!("{at}.values.{m}"))));
        match items.collect::<Result<Vec<_>, _>>() {
            Ok(items) => entries.push(Entry { field_id: field.id, items }),
            Err(flaw) => flaws.push(flaw),
        }
    }
    if flaws.is_empty() { Ok(entries) } else { Err(flaws) }
}

impl GivenItem {
    fn of(&self, field: &Field) -> Result<Item, Flaw> {
        match field.kind.as_str() {
            "multitext" => {
                let code = self.enum_code.as_deref().unwrap_or("WORK");
                let choice = field.enums.iter().find(|choice| match self.enum_id {
                    Some(id) => choice.id == id,
                    None => choice.value == code,
                });
                let choice = choice.ok_or_else(|| Flaw::choice("enum_code"))?;
                let (enum_id, enum_code) = (Some(choice.id), Some(choice.value.clone()));
                Ok(Item { value: json!(self.string()?), enum_id, enum_code })
            }
            "select" | "multiselect" | "radiobutton" => {
                let choice = field.enums.iter().find(|choice| match self.enum_id {
                    Some(id) => choice.id == id,
                    None => self.value == Some(json!(choice.value)),
                });
                let choice = choice.ok_or_else(|| Flaw::choice("value"))?;
                Ok(Item { value: json!(choice.value), enum_id: Some(choice.id), enum_code: None })
            }
            "numeric" | "date" | "date_time" | "checkbox" => {
                let value = self.value.clone().ok_or_else(|| missing("value"))?;
                Ok(Item { value, enum_id: None, enum_code: None })
            }
            _ => Ok(Item { value: json!(self.string()?), enum_id: None, enum_code: None }),
        }
    }

    fn string(&self) -> Result<&str, Flaw> {
        let value = self.value.as_ref().ok_or_else(|| missing("value"))?;
        let wrong = || Flaw::new("InvalidType", "value", "This value should be of type string.");
        value.as_str().ok_or_else(wrong)
    }
}

fn missing(path: &str) -> Flaw {
    Flaw::new("FieldMissing", path, "This field is missing.")
}

/// Each field that is named takes its new values and loses the old ones.
pub fn merge(held: &mut Vec<Entry>, new: &[Entry]) {
    for entry in new {
        held.retain(|one| one.field_id != entry.field_id);
        if !entry.items.is_empty() {
            held.push(entry.clone());
        }
    }
}
