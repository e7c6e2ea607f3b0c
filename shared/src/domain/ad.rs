//! What Facebook knows of an ad account, and the campaigns, ad sets and ads in it.

use chrono::{DateTime, TimeDelta, Utc};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::ad_account::AdAccountId;
use super::day::Day;
use super::money::Currency;

/// A day's figures may change for so many days after it.
pub const UNSETTLED_DAYS: i64 = 28;

/// An account that several daily discoveries did not find is gone.
const UNSEEN_AFTER: TimeDelta = TimeDelta::days(3);

/// A business that owns an ad account or works in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Business {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
}

/// How the token comes to see an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// A business of the token's owner owns it.
    Owned,
    /// It is a client's.
    Client,
    /// It is assigned to the token's user, and no business tells more.
    Assigned,
}

/// An ad account as it was discovered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdAccount {
    /// Its id.
    pub account_id: AdAccountId,
    /// Its name.
    pub name: Option<String>,
    /// Through which business it is seen.
    pub business: Option<Business>,
    /// How it is seen.
    pub access: Access,
    /// What it is billed in.
    pub currency: Option<Currency>,
    /// The time zone of its days.
    pub timezone: Option<String>,
    /// That zone's present distance from UTC, for a name that we do not know.
    pub utc_offset_minutes: Option<i32>,
    /// Facebook's number for its status.
    pub status: Option<i64>,
    /// Facebook's number for why it is disabled.
    pub disable_reason: Option<i64>,
    /// When it was last seen.
    pub discovered_at: DateTime<Utc>,
}

impl AdAccount {
    /// What is known of it after it was seen again: what was not said this time stays.
    pub fn learn(self, seen: Self) -> Self {
        Self {
            name: seen.name.or(self.name),
            business: seen.business.or(self.business),
            currency: seen.currency.or(self.currency),
            timezone: seen.timezone.or(self.timezone),
            utc_offset_minutes: seen.utc_offset_minutes.or(self.utc_offset_minutes),
            status: seen.status.or(self.status),
            disable_reason: seen.disable_reason.or(self.disable_reason),
            ..seen
        }
    }

    /// Whether the token still saw it at about the time of the newest discovery.
    pub fn is_seen(&self, newest: DateTime<Utc>) -> bool {
        newest - self.discovered_at < UNSEEN_AFTER
    }

    /// The day that it is now in the account's own zone.
    pub fn today(&self, now: DateTime<Utc>) -> Day {
        let offset = self.offset_by_name(now).unwrap_or_else(|| {
            let minutes = self.utc_offset_minutes.unwrap_or_default();
            TimeDelta::minutes(i64::from(minutes))
        });
        Day::from((now + offset).date_naive())
    }

    /// How far the zone is from UTC then; nothing for a zone without a name that we know.
    fn offset_by_name(&self, now: DateTime<Utc>) -> Option<TimeDelta> {
        let zone = TimeZone::get(self.timezone.as_deref()?).ok()?;
        let now = Timestamp::from_second(now.timestamp()).ok()?;
        Some(TimeDelta::seconds(i64::from(zone.to_offset(now).seconds())))
    }

    /// What the status number means.
    pub fn status_name(&self) -> &'static str {
        match self.status {
            Some(1) => "active",
            Some(2) => "disabled",
            Some(3) => "unsettled",
            Some(7) => "pending_risk_review",
            Some(8) => "pending_settlement",
            Some(9) => "in_grace_period",
            Some(100) => "pending_closure",
            Some(101) => "closed",
            Some(201) => "any_active",
            Some(202) => "any_closed",
            _ => "unknown",
        }
    }
}

/// Whether Facebook no longer changes the day's figures, seen from the account's present day.
pub fn is_settled(day: Day, today: Day) -> bool {
    today.days_since(day) >= UNSETTLED_DAYS
}

/// What an object of an ad account is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ObjectKind {
    /// A campaign.
    Campaign,
    /// An ad set.
    Adset,
    /// An ad.
    Ad,
}

impl ObjectKind {
    /// Its name in keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Campaign => "campaign",
            Self::Adset => "adset",
            Self::Ad => "ad",
        }
    }
}

/// A campaign, an ad set or an ad that was ever seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdObject {
    /// What it is.
    pub kind: ObjectKind,
    /// Its id.
    pub id: String,
    /// The account it belongs to.
    pub account_id: AdAccountId,
    /// Its name as it was last seen.
    pub name: Option<String>,
    /// Every name it was seen under: links keep the name of their day.
    #[serde(default)]
    pub names: Vec<String>,
    /// The campaign above an ad set or an ad.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub campaign_id: Option<String>,
    /// The ad set above an ad.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adset_id: Option<String>,
    /// Facebook's word for whether it runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// A campaign's objective.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub objective: Option<String>,
    /// What an ad adds to its links.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url_tags: Option<String>,
}

impl AdObject {
    /// An object of which only this is known.
    pub fn named(kind: ObjectKind, account: &AdAccountId, id: &str, name: Option<&str>) -> Self {
        Self {
            kind,
            id: id.to_owned(),
            account_id: account.clone(),
            name: name.map(str::to_owned),
            names: name.map(str::to_owned).into_iter().collect(),
            campaign_id: None,
            adset_id: None,
            status: None,
            objective: None,
            url_tags: None,
        }
    }

    /// What is known of it after it was seen again: what was seen now wins, what was not said stays.
    pub fn learn(&self, seen: &Self) -> Self {
        let mut names = self.names.clone();
        names.extend(seen.names.iter().filter(|name| !self.names.contains(name)).cloned());
        let newer = |seen: &Option<String>, known: &Option<String>| seen.clone().or_else(|| known.clone());
        Self {
            name: newer(&seen.name, &self.name),
            names,
            campaign_id: newer(&seen.campaign_id, &self.campaign_id),
            adset_id: newer(&seen.adset_id, &self.adset_id),
            status: newer(&seen.status, &self.status),
            objective: newer(&seen.objective, &self.objective),
            url_tags: newer(&seen.url_tags, &self.url_tags),
            ..self.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(timezone: Option<&str>, utc_offset_minutes: Option<i32>) -> AdAccount {
        AdAccount {
            account_id: AdAccountId::parse("1").unwrap(),
            name: None,
            business: None,
            access: Access::Assigned,
            currency: None,
            timezone: timezone.map(str::to_owned),
            utc_offset_minutes,
            status: None,
            disable_reason: None,
            discovered_at: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn an_account_has_the_day_of_its_own_zone() {
        let now: DateTime<Utc> = "2026-11-20T07:30:00Z".parse().unwrap();
        for (zone, offset, expected) in [
            (Some("America/Los_Angeles"), None, "2026-11-19"),
            (Some("Asia/Almaty"), None, "2026-11-20"),
            (Some("Pacific/Auckland"), None, "2026-11-20"),
            (Some("Nowhere/Atall"), Some(-480), "2026-11-19"),
            (None, Some(1_000), "2026-11-21"),
            (None, None, "2026-11-20"),
        ] {
            assert_eq!(account(zone, offset).today(now).to_string(), expected, "{zone:?}");
        }
    }

    #[test]
    fn a_day_is_settled_after_twenty_eight() {
        let day = |text| Day::parse(text).unwrap();
        assert!(!is_settled(day("2026-11-20"), day("2026-11-20")));
        assert!(!is_settled(day("2026-10-24"), day("2026-11-20")));
        assert!(is_settled(day("2026-10-23"), day("2026-11-20")));
    }

    #[test]
    fn an_account_keeps_what_is_not_said_again() {
        let known = AdAccount { currency: Currency::parse("USD"), ..account(Some("Asia/Almaty"), Some(300)) };
        let seen = AdAccount { name: Some("new".to_owned()), status: Some(2), ..account(None, None) };
        let learned = known.clone().learn(seen);
        assert_eq!((learned.name.as_deref(), learned.status), (Some("new"), Some(2)));
        assert_eq!((learned.currency, learned.timezone), (known.currency, known.timezone));
    }

    #[test]
    fn an_object_keeps_every_name_and_what_is_not_said_again() {
        let id = AdAccountId::parse("1").unwrap();
        let old = AdObject {
            status: Some("ACTIVE".to_owned()),
            ..AdObject::named(ObjectKind::Ad, &id, "9", Some("first"))
        };
        let known = old.learn(&AdObject::named(ObjectKind::Ad, &id, "9", Some("second")));
        assert_eq!((known.name.as_deref(), known.names.len()), (Some("second"), 2));
        assert_eq!(known.status.as_deref(), Some("ACTIVE"));
        assert_eq!(known.learn(&known), known);
        assert_eq!(known.learn(&AdObject::named(ObjectKind::Ad, &id, "9", None)).name, known.name);
    }
}
