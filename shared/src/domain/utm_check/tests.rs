use super::*;

fn named(id: &str, name: &str) -> Option<Named> {
    Some(Named { id: id.to_owned(), name: Some(name.to_owned()) })
}

/// An ad of muha's campaign `onai_spring`.
fn ad(url_tags: &str, links: &[&str]) -> TaggedAd {
    TaggedAd {
        ad: Named { id: "120210000000000003".to_owned(), name: Some("video 3".to_owned()) },
        adset: named("120210000000000002", "women 25-34"),
        campaign: named("120210000000000001", "onai_spring"),
        url_tags: (!url_tags.is_empty()).then(|| url_tags.to_owned()),
        links: links.iter().map(|link| (*link).to_owned()).collect(),
    }
}

const MUHA: &str = "839340528712304";
const NOBODY: &str = "7000000001";

fn judged(ad: &TaggedAd, account: &str) -> Option<Suspect> {
    judge(ad, &AdAccountId::parse(account).unwrap(), &Rules::default())
}

fn kinds(url_tags: &str, links: &[&str]) -> Vec<Kind> {
    let suspect = judged(&ad(url_tags, links), MUHA);
    suspect.map(|suspect| suspect.findings.iter().map(|finding| finding.kind).collect()).unwrap_or_default()
}

#[test]
fn tags_that_lead_to_the_accounts_team_are_well_wherever_they_stand() {
    for (tags, links) in [
        ("utm_campaign={{campaign.name}}&utm_source=facebook", &["https://school.kz/x"][..]),
        ("utm_campaign={{campaign.name}}", &[]),
        ("", &["https://school.kz/x?utm_campaign=muha_1"]),
        ("utm_source=facebook", &["https://school.kz/x?ref=1&utm_campaign=muha_1#top"]),
        // The same twice is said once.
        ("utm_campaign=onai", &["https://school.kz/x?utm_campaign=onai"]),
        // Ids lead to the ad's own account.
        ("utm_content={{ad.id}}&utm_source={{site_source_name}}", &[]),
        ("utm_campaign=%7B%7Bcampaign.name%7D%7D", &[]),
        ("utm_campaign=onai&utm_id={{campaign.id}}&fbclid=x", &[]),
        // Two pictures with values of their own.
        ("utm_campaign=onai", &["https://a.kz?utm_content=1", "https://a.kz?utm_content=2"]),
    ] {
        assert_eq!(kinds(tags, links), [], "{tags} {links:?}");
    }
}

#[test]
fn every_kind_is_found() {
    for (tags, links, expected) in [
        ("", &["https://school.kz/x"][..], &[Kind::Missing][..]),
        ("", &[], &[Kind::Missing]),
        ("ref=fb&utm_id=5", &[], &[Kind::Missing]),
        ("utm_campaign=&utm_source=", &[], &[Kind::Missing]),
        ("", &["https://school.kz/x#utm_campaign=onai"], &[Kind::Missing]),
        // One of two pictures.
        ("", &["https://a.kz?utm_campaign=onai", "https://a.kz"], &[Kind::Missing]),
        ("utm_campain={{campaign.name}}", &[], &[Kind::Misspelt]),
        ("UTM_campaign=onai", &[], &[Kind::Misspelt]),
        ("utm_campaign=onai&utm-source=fb", &[], &[Kind::Misspelt]),
        ("utm_source=fb?utm_campaign=onai", &[], &[Kind::Misspelt]),
        ("?utm_campaign=onai", &[], &[Kind::Misspelt]),
        ("utm_campaign=onai&amp;utm_source=fb", &[], &[Kind::Misspelt]),
        ("utm_campaign=onai&utm_content={{ad.nam}}", &[], &[Kind::Misspelt]),
        ("utm_campaign={{campaign.name}&utm_content=onai", &[], &[Kind::Misspelt]),
        ("", &["https://school.kz/x&utm_campaign=onai"], &[Kind::Misspelt]),
        ("utm_campaign=onai&utm_campaign=onai2", &[], &[Kind::Doubled]),
        ("utm_campaign=onai&utm_source=fb", &["https://a.kz?utm_source=ig"], &[Kind::Doubled]),
        ("utm_campaign=fast_start", &[], &[Kind::NoTeam]),
        ("utm_campaign=&utm_content={{ad.name}}", &[], &[Kind::NoTeam]),
        ("utm_content=120210000000000999", &[], &[Kind::NoTeam]),
        ("utm_campaign=kz_ar_video", &[], &[Kind::OtherTeam]),
        ("utm_campaign=964264512447589", &[], &[Kind::OtherTeam]),
        ("utm_campain=x&utm_source=fb&utm_source=ig", &[], &[Kind::Misspelt, Kind::Doubled, Kind::NoTeam]),
    ] {
        assert_eq!(kinds(tags, links), expected, "{tags} {links:?}");
    }
}

#[test]
fn values_of_any_team_are_well_in_an_account_of_no_team() {
    assert_eq!(judged(&ad("utm_campaign={{campaign.name}}", &[]), NOBODY), None);
    let suspect = judged(&ad("utm_content={{ad.id}}", &[]), NOBODY).unwrap();
    assert_eq!(suspect.findings[0].kind, Kind::NoTeam);
    assert!(suspect.findings[0].what_to_do.contains("assign the ad account"), "{suspect:?}");
}

#[test]
fn a_finding_names_what_is_there_and_what_to_write() {
    let suspect = judged(&ad("utm_campain={{campaign.name}}&utm_source=fb", &[]), MUHA).unwrap();
    let misspelt = &suspect.findings[0];
    assert_eq!(misspelt.what_to_do, "Write utm_campaign instead of utm_campain.");
    let tag = &suspect.tags[0];
    assert_eq!((tag.value.as_str(), tag.arrives()), ("{{campaign.name}}", "onai_spring"));
    assert_eq!(tag.place, Place::UrlTags);
    assert_eq!(suspect.tags[1].filled, None);

    let suspect = judged(&ad("utm_campaign=kz_ar_video", &[]), MUHA).unwrap();
    let other = &suspect.findings[0];
    assert_eq!(other.goes_to.as_ref().map(TeamId::as_str), Some("arystan"));
    assert!(
        other.problem.contains("\"ar_\" in utm_campaign") && other.problem.contains("muha's"),
        "{other:?}"
    );
}

#[test]
fn the_rules_are_those_that_are_given() {
    let mut rules = Rules::default();
    let muha = AdAccountId::parse(MUHA).unwrap();
    rules.teams.0.iter_mut().for_each(|team| team.patterns.clear());
    let found = judge(&ad("utm_campaign=onai", &[]), &muha, &rules).unwrap();
    assert_eq!(found.findings[0].kind, Kind::NoTeam);
}
