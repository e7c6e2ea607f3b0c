//! A lead: one form that one person has filled in.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::day::Day;
use super::email::Email;
use super::event::DealId;
use super::phone::Phone;
use super::team::{Owner, TeamId};
use super::utm::Reading;

/// Which form it was, and so which stage of the funnel it belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// The career test.
    Proftest,
    /// The order form of the Express Course.
    Express,
}

impl Form {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Proftest, Self::Express];

    /// Its name in keys and answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Proftest => "proftest",
            Self::Express => "express",
        }
    }
}

/// How someone wants to pay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentMethod {
    /// Kaspi.
    Kaspi,
    /// Halyk.
    Halyk,
    /// Robokassa.
    Robokassa,
}

impl PaymentMethod {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Kaspi, Self::Halyk, Self::Robokassa];

    /// Its name in forms and settings.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Kaspi => "kaspi",
            Self::Halyk => "halyk",
            Self::Robokassa => "robokassa",
        }
    }

    /// Reads what [`Self::as_str`] writes, in any case.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.as_str().eq_ignore_ascii_case(text.trim()))
    }
}

/// What a lead came to so far, as lists and counters tell it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeadStatus {
    /// It waits for amoCRM.
    Waiting,
    /// Its deal is in amoCRM.
    InCrm,
    /// amoCRM will never take it as it is.
    Failed,
    /// It came over a limit, and is only kept.
    OverLimit,
    /// It came from elsewhere, and amoCRM is not told of it.
    Imported,
}

impl LeadStatus {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Waiting, Self::InCrm, Self::Failed, Self::OverLimit, Self::Imported];

    /// Its name in keys and answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::InCrm => "in_crm",
            Self::Failed => "failed",
            Self::OverLimit => "over_limit",
            Self::Imported => "imported",
        }
    }
}

/// How far amoCRM has been told of a lead. Each step is stored before the next, so that whoever goes on after a crash
/// repeats none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CrmJob {
    /// How often it was begun.
    pub attempts: u32,
    /// Why the last attempt did not succeed; never with personal data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_error: Option<String>,
    /// Its deal, once there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deal: Option<DealId>,
    /// The contact that it was found to be of, or that was made for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact_id: Option<u64>,
    /// The deal's stage when it was last written or read for this lead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<u64>,
    /// What was wrong with the configuration while it was written: a person should mend that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warning: Option<String>,
    /// When it was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done_at: Option<DateTime<Utc>>,
}

/// What a job did to a lead that moved it to other rules: enough to undo it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeadMoved {
    /// The job.
    pub job_id: String,
    /// The version of the teams that it was decided by before.
    pub from: u64,
    /// Whose it was.
    pub team: Option<TeamId>,
    /// What jobs had done to it before that, the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<LeadMoved>,
}

fn is_default(version: &u64) -> bool {
    *version == 0
}

/// One lead. It is the only place, beside raw hooks, where a person's name, phone and e-mail stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lead {
    /// Its id, by which ids of one millisecond and later ones sort.
    pub id: String,
    /// Which form.
    pub form: Form,
    /// The name as it was written.
    pub name: PersonName,
    /// The phone.
    pub phone: Phone,
    /// The e-mail address.
    pub email: Email,
    /// The campaign's part of the address of the landing page, without `proftest_`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slug: Option<String>,
    /// `proftest_<slug>`, `proftest` or `express`.
    pub source_campaign: String,
    /// How the person wants to pay; only orders say so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_method: Option<PaymentMethod>,
    /// The UTM values it carries.
    pub readings: Vec<Reading>,
    /// Whatever else the page sent along, as JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<String>,
    /// Whose lead it is.
    pub team: Option<TeamId>,
    /// The version of the teams that this was decided by.
    #[serde(default, skip_serializing_if = "is_default")]
    pub rules: u64,
    /// The job that last moved it to other rules.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved: Option<LeadMoved>,
    /// When it came.
    pub received_at: DateTime<Utc>,
    /// The business day of `received_at`.
    pub day: Day,
    /// What it came to.
    pub status: LeadStatus,
    /// What amoCRM was told.
    #[serde(default)]
    pub crm: CrmJob,
    /// What it is called elsewhere: the rows of old databases that are the same form, as `landing:<id>`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
    /// Grows with every write; a write is conditional on the one that was read.
    pub version: u64,
}

impl Lead {
    /// Where it counts.
    pub fn owner(&self) -> Owner {
        Owner::from(self.team.clone())
    }
}

/// A person's name, which no log may show.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PersonName(pub String);

impl std::fmt::Debug for PersonName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PersonName(…)")
    }
}
