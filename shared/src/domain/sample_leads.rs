//! Leads for tests.

use super::day::Day;
use super::email::Email;
use super::lead::{CrmJob, Form, Lead, LeadStatus, PersonName};
use super::phone::Phone;
use super::team::TeamId;
use super::utm::{Reading, UtmName, Way};

/// A career test of nobody's that waits and carries no UTM value.
pub fn lead(id: &str, campaign: &str) -> Lead {
    let received_at = "2026-11-20T06:00:00Z".parse().unwrap();
    Lead {
        id: id.to_owned(),
        form: Form::Proftest,
        name: PersonName("Айгерим".to_owned()),
        phone: Phone::parse("+77773886880").unwrap(),
        email: Email::parse("a@example.kz").unwrap(),
        slug: None,
        source_campaign: campaign.to_owned(),
        payment_method: None,
        readings: vec![],
        metadata: None,
        team: None,
        rules: 0,
        moved: None,
        received_at,
        day: Day::of(received_at),
        status: LeadStatus::Waiting,
        crm: CrmJob::default(),
        also: vec![],
        version: 1,
    }
}

/// The same lead as a team's own.
pub fn of_team(lead: Lead, team: &str) -> Lead {
    Lead { team: Some(TeamId::new(team)), ..lead }
}

/// The same lead with a campaign among its UTM values.
pub fn with_utm(lead: Lead, campaign: &str) -> Lead {
    let reading = Reading {
        utm: UtmName::Campaign,
        way: Way::Link,
        field: "utm_campaign".to_owned(),
        value: campaign.to_owned(),
        ad_account: None,
    };
    Lead { readings: vec![reading], ..lead }
}
