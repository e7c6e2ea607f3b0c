use super::*;
use crate::domain::rules::Rules;

fn reading(utm: UtmName, way: Way, value: &str) -> Reading {
    Reading { utm, way, field: format!("{way:?}"), value: value.to_owned(), ad_account: None }
}

fn campaign(value: &str) -> Vec<Reading> {
    vec![reading(UtmName::Campaign, Way::Code, value)]
}

fn team_of(readings: &[Reading]) -> Option<String> {
    decide(readings, &[], &Rules::default().teams).team.map(|team| team.to_string())
}

#[test]
fn campaign_names_give_the_team_that_the_business_expects() {
    for (value, expected) in [
        ("proftest_kenesary", Some("kenesary")),
        ("proftest_arystan", Some("arystan")),
        ("proftest_muha", Some("muha")),
        ("proftest_traf4", Some("traf4")),
        ("proftest_2", Some("traf4")),
        ("pb_agency", Some("kenesary")),
        ("traf4_pb_agency", Some("kenesary")),
        ("kz_ar_video", Some("arystan")),
        ("onai2", Some("muha")),
        ("Запуск 12", Some("muha")),
        ("On AI_reels", Some("muha")),
        ("RM ALMATY promo", Some("arystan")),
        ("nutrients_kz", Some("kenesary")),
        ("smmmcwin_1", Some("traf4")),
        ("alex-3", Some("traf4")),
        ("fast_start", None),
        ("ultimate_sale", None),
        ("launch_2025-03-15", None),
        ("muhammad_promo", None),
        ("", None),
    ] {
        assert_eq!(team_of(&campaign(value)).as_deref(), expected, "{value}");
    }
}

#[test]
fn of_two_teams_in_one_value_the_first_configured_wins() {
    assert_eq!(team_of(&campaign("traf4_vs_arystan")).as_deref(), Some("arystan"));
    let trail = decide(&campaign("pb_agency"), &[], &Rules::default().teams);
    assert_eq!((trail.source, trail.pattern.as_deref()), (Source::Utm, Some("pb_agency")));
}

#[test]
fn values_decide_in_their_order_and_all_ways_of_one_before_the_next() {
    let readings = vec![
        reading(UtmName::Source, Way::Code, "arystan"),
        reading(UtmName::Campaign, Way::Link, "muha"),
        reading(UtmName::Campaign, Way::Code, "unknown"),
    ];
    let trail = decide(&readings, &[], &Rules::default().teams);
    assert_eq!(trail.team, Some(TeamId::new("muha")));
    assert_eq!(trail.field, Some(UtmName::Campaign));
    assert_eq!(trail.read_by, Some(Way::Link));
}

#[test]
fn an_ad_account_decides_only_where_no_pattern_does() {
    let account = reading(UtmName::Campaign, Way::Code, "cmp|act_839340528712304|x");
    let trail = decide(std::slice::from_ref(&account), &[], &Rules::default().teams);
    assert_eq!((trail.source, trail.team), (Source::Ad, Some(TeamId::new("muha"))));
    assert_eq!(trail.pattern.as_deref(), Some("act_839340528712304"));

    let with_pattern = [account, reading(UtmName::Medium, Way::Code, "kenji")];
    assert_eq!(team_of(&with_pattern).as_deref(), Some("kenesary"));
    assert_eq!(team_of(&campaign("8393405287123049")), None, "a longer run is another id");
}

#[test]
fn an_ad_belongs_to_the_team_of_its_account() {
    let teams = Rules::default().teams;
    let mut ad = reading(UtmName::Content, Way::Code, "ad 120210000000000123 v2");
    assert_eq!(ids_to_look_up(std::slice::from_ref(&ad), &teams), [(0, "120210000000000123")]);
    ad.ad_account = AdAccountId::parse("666059476005255");
    let trail = decide(std::slice::from_ref(&ad), &[], &teams);
    assert_eq!((trail.source, trail.team), (Source::Ad, Some(TeamId::new("arystan"))));
    assert_eq!(trail.pattern.as_deref(), Some("act_666059476005255"));
    assert_eq!(ids_to_look_up(&[ad], &teams), [], "it is known already");
}

#[test]
fn ids_are_looked_up_only_where_nothing_else_decides() {
    let teams = Rules::default().teams;
    let id = reading(UtmName::Content, Way::Code, "120210000000000123");
    let pattern = reading(UtmName::Medium, Way::Code, "kenji");
    assert_eq!(ids_to_look_up(&[id.clone(), pattern], &teams), []);
    for value in ["launch_2025-03-15", "video3", "123456789012345678901234", ""] {
        assert_eq!(ids_to_look_up(&campaign(value), &teams), [], "{value}");
    }
    let many: Vec<Reading> = (0..50).map(|_| id.clone()).collect();
    assert_eq!(ids_to_look_up(&many, &teams).len(), MOST_LOOK_UPS);
}

#[test]
fn where_nobody_is_found_the_trail_says_what_was_seen() {
    let teams = Rules::default().teams;
    assert_eq!(decide(&[], &[], &teams).reason, Some(Reason::NoUtm));
    let trail = decide(&campaign("fast_start"), &[], &teams);
    assert_eq!((trail.source, trail.reason), (Source::None, Some(Reason::UnknownUtm)));
    assert_eq!(trail.seen[&UtmName::Campaign], ["fast_start"]);
}

fn lead(id: &str, slug: Option<&str>, readings: Vec<Reading>) -> LandingLead {
    LandingLead {
        lead_id: id.to_owned(),
        received_at: chrono::DateTime::UNIX_EPOCH,
        slug: slug.map(str::to_owned),
        readings,
    }
}

#[test]
fn a_deal_without_values_has_the_team_of_its_form() {
    let teams = Rules::default().teams;
    let form = lead("l-1", Some("arystan"), vec![]);
    let trail = decide(&[], std::slice::from_ref(&form), &teams);
    assert_eq!((trail.source, trail.team), (Source::LandingLead, Some(TeamId::new("arystan"))));
    assert_eq!((trail.read_from.as_deref(), trail.value.as_deref()), (Some("slug"), Some("arystan")));
    assert_eq!(trail.landing_lead.as_deref(), Some("l-1"));
    assert_eq!(team_of_form(&form).as_deref(), Some("arystan"));

    let unknown = decide(&campaign("fast_start"), std::slice::from_ref(&form), &teams);
    assert_eq!(unknown.source, Source::LandingLead, "values that name nobody do not decide");
    let known = decide(&campaign("kenji"), &[form], &teams);
    assert_eq!((known.source, known.team), (Source::Utm, Some(TeamId::new("kenesary"))));
}

#[test]
fn a_form_without_a_telling_slug_decides_by_its_values_and_names_the_one() {
    let teams = Rules::default().teams;
    let forms = [
        lead("l-1", Some("spring"), vec![]),
        lead("l-2", None, vec![reading(UtmName::Source, Way::Code, "onai")]),
        lead("l-3", Some("kenesary"), vec![]),
    ];
    let trail = decide(&[], &forms, &teams);
    assert_eq!((trail.source, trail.field), (Source::LandingLead, Some(UtmName::Source)));
    assert_eq!((trail.landing_lead.as_deref(), trail.team), (Some("l-2"), Some(TeamId::new("muha"))));
    assert_eq!(decide(&[], &forms[..1], &teams).reason, Some(Reason::NoUtm));
}

fn team_of_form(form: &LandingLead) -> Option<String> {
    of_lead(form, &Rules::default().teams).map(|team| team.to_string())
}

#[test]
fn a_form_counts_where_the_deal_made_of_it_will() {
    let both = lead("l", Some("kenesary"), campaign("onai2"));
    assert_eq!(team_of_form(&both).as_deref(), Some("muha"), "its values will be the deal's");
    assert_eq!(
        team_of_form(&lead("l", Some("kz_ar_video"), campaign("fast_start"))).as_deref(),
        Some("arystan")
    );
    assert_eq!(team_of_form(&lead("l", Some("spring"), vec![])), None);
}
