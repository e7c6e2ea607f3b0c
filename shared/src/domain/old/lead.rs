//! From a row of an old database to a form: which one it was, who filled it in and where they came from.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::metadata;
use super::row::{Row, RowId};
use crate::domain::email::Email;
use crate::domain::lead::{Form, Lead, LeadStatus, PaymentMethod, PersonName};
use crate::domain::phone::{BadPhone, Phone};
use crate::domain::utm::{Reading, UtmName, Way};
use crate::domain::utm_link;

/// What slugs of the career test begin with.
const PROFTEST: &str = "proftest";

/// More than a whole form may be is not kept of what was sent along.
const LONGEST_METADATA: usize = 128 * 1024;

/// Names and slugs are cut where a form's would be.
const LONGEST_NAME: usize = 10_000;
const LONGEST_SLUG: usize = 100;

/// The Tripwire database copies a form so long after it came.
const COPIED_AFTER: TimeDelta = TimeDelta::minutes(10);

/// A copy may be made before the form reaches us, but by no more.
const COPIED_BEFORE: TimeDelta = TimeDelta::minutes(5);

/// Two databases have received one form within this time.
const SAME: TimeDelta = TimeDelta::minutes(10);

/// Which database a row is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// `landing_leads` of the Landing database.
    Landing,
    /// `unified_lead_tracking` of the Tripwire database, which holds copies of the other's rows, and rows of its own.
    Tripwire,
}

/// What a row is called for ever: the key of its import, and what the lead that it is remembers it by. A copy that names
/// its original is called by that.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mark {
    /// Whose id it is.
    pub origin: Origin,
    id: String,
}

impl Mark {
    const LANDING: &'static str = "landing:";
    const TRIPWIRE: &'static str = "tripwire:";

    /// Of a row with this id.
    pub fn new(origin: Origin, id: &RowId) -> Self {
        // PostgreSQL reads a uuid in either case.
        Self { origin, id: id.0.to_lowercase() }
    }

    /// Reads what its text says; nothing where that is no row's.
    pub fn parse(text: &str) -> Option<Self> {
        let of = |start, origin| text.strip_prefix(start).map(|id: &str| Self { origin, id: id.to_owned() });
        of(Self::LANDING, Origin::Landing).or_else(|| of(Self::TRIPWIRE, Origin::Tripwire))
    }

    /// Whether a lead is a row of this origin already.
    pub fn is_on(origin: Origin, lead: &Lead) -> bool {
        lead.also.iter().filter_map(|text| Self::parse(text)).any(|mark| mark.origin == origin)
    }
}

impl std::fmt::Display for Mark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let start = match self.origin {
            Origin::Landing => Self::LANDING,
            Origin::Tripwire => Self::TRIPWIRE,
        };
        write!(f, "{start}{}", self.id)
    }
}

/// Why a row is not taken in. Names what is wrong with it and never what stands there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unfit {
    /// It has neither a phone nor an e-mail address.
    NoContact,
    /// It has no phone.
    NoPhone,
    /// Its phone is none.
    BadPhone,
    /// It has no e-mail address.
    NoEmail,
    /// Its e-mail address is none.
    BadEmail,
    /// It names no deal.
    NoDeal,
    /// It names no time.
    NoTime,
    /// Its amount is in another currency than the ledger's.
    OtherCurrency,
    /// Whose deals they are is not known: not exactly one account is configured.
    NoAccount,
}

/// A form as an old database has it. Printing it shows nothing of the person: its parts do not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OldLead {
    /// The row's id.
    pub id: RowId,
    /// What it is called for ever.
    pub mark: Mark,
    /// Which form.
    pub form: Form,
    /// The person's name, as it was written; it may be empty.
    pub name: PersonName,
    /// The phone.
    pub phone: Phone,
    /// The e-mail address.
    pub email: Email,
    /// The campaign's part of the page's address, or the buyer that the form was named after.
    pub slug: Option<String>,
    /// How the person wanted to pay.
    pub payment_method: Option<PaymentMethod>,
    /// The UTM values, wherever they stood.
    pub readings: Vec<Reading>,
    /// Whatever else was kept, as JSON.
    pub metadata: Option<String>,
    /// Its deal in amoCRM; only the Landing database knows it.
    pub deal: Option<u64>,
    /// When the row was made.
    pub at: DateTime<Utc>,
    /// When the form came.
    pub came_at: DateTime<Utc>,
    /// When our own intake has received the same form, if it has.
    pub window: Window,
    /// When the other database has made its copy, if it has.
    pub copied: Window,
}

impl OldLead {
    /// How ill a lead of this person fits by its time; nothing where it cannot be this form. A lead that was made of a copy
    /// came when that was written, any other when the form did.
    pub fn distance(&self, lead: &Lead) -> Option<TimeDelta> {
        let is_copy = lead.status == LeadStatus::Imported && !Mark::is_on(Origin::Landing, lead);
        let window = if is_copy && self.mark.origin == Origin::Landing { self.copied } else { self.window };
        window.distance(lead.received_at)
    }

    /// No lead that came later can be this form.
    pub fn latest(&self) -> DateTime<Utc> {
        self.window.to.max(self.copied.to)
    }
}

/// A time around the moment in which a form must have come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Not before.
    pub from: DateTime<Utc>,
    /// Most probably.
    pub about: DateTime<Utc>,
    /// Not after.
    pub to: DateTime<Utc>,
}

impl Window {
    /// How far a time is from the most probable one; nothing where it lies outside.
    pub fn distance(&self, at: DateTime<Utc>) -> Option<TimeDelta> {
        (self.from..=self.to).contains(&at).then(|| (at - self.about).abs())
    }
}

/// Whether a row of `landing_leads` is one of the career test.
pub fn is_proftest(row: &Row) -> bool {
    row.text("source").is_some_and(|source| starts_with_proftest(&source))
}

fn starts_with_proftest(text: &str) -> bool {
    text.get(..PROFTEST.len()).is_some_and(|start| start.eq_ignore_ascii_case(PROFTEST))
}

impl OldLead {
    /// Reads a row of this database, with the id and the time that it has there.
    pub fn read(origin: Origin, id: RowId, at: DateTime<Utc>, row: &Row) -> Result<Self, Unfit> {
        let (phone, email) = contact(row)?;
        let original = match origin {
            Origin::Landing => None,
            Origin::Tripwire => row.text("source_lead_id").map(RowId),
        };
        let (window, came_at) = match (origin, &original) {
            (Origin::Landing, _) => (Window { from: at - SAME, about: at, to: at + SAME }, at),
            (Origin::Tripwire, original) => {
                let about = at - COPIED_AFTER;
                let window = Window { from: about - SAME, about, to: at + COPIED_BEFORE };
                (window, if original.is_some() { about } else { at })
            }
        };
        let about = came_at + COPIED_AFTER;
        let copied = Window { from: came_at - COPIED_BEFORE, about, to: about + SAME };
        let mark = match &original {
            Some(original) => Mark::new(Origin::Landing, original),
            None => Mark::new(origin, &id),
        };
        let metadata =
            row.json("metadata").filter(|value| value.as_object().is_none_or(|map| !map.is_empty()));
        let campaigns = [row.text("source_campaign"), row.text("source")];
        let (form, slug) = form(campaigns.into_iter().flatten(), metadata.as_ref());
        Ok(Self {
            id,
            mark,
            form,
            name: PersonName(cut(&row.first(&["full_name", "name"]).unwrap_or_default(), LONGEST_NAME)),
            phone,
            email,
            slug,
            payment_method: payment_method(form, metadata.as_ref()),
            readings: readings(row, metadata.as_ref()),
            metadata: metadata
                .map(|metadata| metadata.to_string())
                .filter(|json| json.len() <= LONGEST_METADATA),
            deal: row.id_of("amocrm_lead_id").filter(|_| origin == Origin::Landing),
            at,
            came_at,
            window,
            copied,
        })
    }
}

fn contact(row: &Row) -> Result<(Phone, Email), Unfit> {
    let (phone, email) = (row.text("phone"), row.text("email"));
    if phone.is_none() && email.is_none() {
        return Err(Unfit::NoContact);
    }
    let phone = Phone::parse(&phone.unwrap_or_default()).map_err(|problem| match problem {
        BadPhone::Empty => Unfit::NoPhone,
        BadPhone::Characters | BadPhone::NoSuchNumber => Unfit::BadPhone,
    })?;
    let email = email.ok_or(Unfit::NoEmail)?;
    Ok((phone, Email::parse(&email).map_err(|_| Unfit::BadEmail)?))
}

/// The form, and the slug: that of the career test's campaign, else the page's own, else the buyer's name that an order's
/// source is.
fn form(campaigns: impl Iterator<Item = String>, metadata: Option<&Value>) -> (Form, Option<String>) {
    let campaigns: Vec<String> = campaigns.collect();
    let test = campaigns.iter().find(|campaign| starts_with_proftest(campaign));
    let of_test = test.map(|test| test[PROFTEST.len()..].trim_start_matches('_').to_owned());
    let own = || text_in(metadata, &["slug"]).map(|slug| slug.trim_start_matches("proftest_").to_owned());
    let is_buyer =
        |campaign: &&String| !["express", "expresscourse"].contains(&campaign.to_lowercase().as_str());
    let buyer = || campaigns.iter().find(is_buyer).cloned();
    let said = |slug: &String| !slug.is_empty();
    match of_test {
        Some(slug) => {
            (Form::Proftest, Some(slug).filter(said).or_else(own).map(|slug| cut(&slug, LONGEST_SLUG)))
        }
        None => (Form::Express, buyer().or_else(own).map(|slug| cut(&slug, LONGEST_SLUG))),
    }
}

fn payment_method(form: Form, metadata: Option<&Value>) -> Option<PaymentMethod> {
    let named = text_in(metadata, &["paymentMethod", "payment_method"]);
    named.filter(|_| form == Form::Express).and_then(|method| PaymentMethod::parse(&method))
}

/// The columns' values, then those among what was sent along.
pub(super) fn readings(row: &Row, metadata: Option<&Value>) -> Vec<Reading> {
    let columns = UtmName::ALL
        .into_iter()
        .filter_map(|utm| utm_link::reading(utm, Way::Code, utm.as_str(), &row.text(utm.as_str())?));
    let mut readings: Vec<Reading> = columns.collect();
    readings.extend(metadata.into_iter().flat_map(metadata::readings));
    readings.sort();
    readings.dedup();
    readings
}

fn text_in(metadata: Option<&Value>, names: &[&str]) -> Option<String> {
    let text = |name: &&str| Some(metadata?.get(*name)?.as_str()?.trim().to_owned());
    names.iter().filter_map(text).find(|text| !text.is_empty())
}

fn cut(text: &str, longest: usize) -> String {
    text.chars().take(longest).collect()
}

#[cfg(test)]
#[path = "lead_tests.rs"]
mod tests;
