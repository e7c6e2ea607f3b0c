use proptest::prelude::*;

use super::*;
use crate::domain::sample_leads::{lead, of_team};

#[test]
fn a_stored_lead_counts_where_it_belongs() {
    let lead = of_team(lead("1", "proftest_arystan"), "arystan");
    let key = LeadCountKey {
        owner: lead.owner(),
        day: lead.day,
        form: Form::Proftest,
        campaign: "proftest_arystan".to_owned(),
        status: LeadStatus::Waiting,
    };
    assert_eq!(stored(&lead), [(key, 1)].into());
}

#[test]
fn a_status_that_stays_moves_nothing() {
    for status in LeadStatus::ALL {
        assert_eq!(moved(&Lead { status, ..lead("1", "proftest") }, status), LeadCounters::new());
    }
}

#[test]
fn a_long_campaign_is_cut_between_characters() {
    let campaign = |text: String| stored(&lead("1", &text)).into_keys().next().unwrap().campaign;
    assert_eq!(campaign("ұ".repeat(111)), "ұ".repeat(110));
    assert_eq!(campaign("ұ".repeat(110)), "ұ".repeat(110));
}

proptest! {
    /// Each step stores a lead of one of three campaigns, or moves one that is there.
    #[test]
    fn counts_by_steps_are_those_of_the_leads_as_they_stand(
        steps in prop::collection::vec((0_usize..6, 0_usize..3, prop::sample::select(&LeadStatus::ALL)), 1..40)
    ) {
        let campaigns = ["proftest", "proftest_muha", "express"];
        let mut leads: Vec<Lead> = vec![];
        let mut counted = LeadCounters::new();
        for (which, campaign, status) in steps {
            if let Some(lead) = leads.get_mut(which) {
                add(&mut counted, moved(lead, status));
                lead.status = status;
            } else {
                let form = Form::ALL[campaign / 2];
                let lead = Lead { status, form, ..lead(&which.to_string(), campaigns[campaign]) };
                add(&mut counted, stored(&lead));
                leads.push(lead);
            }
            prop_assert_eq!(&counted, &count(&leads));
            prop_assert_eq!(counted.values().sum::<i64>(), leads.len() as i64);
        }
    }
}
