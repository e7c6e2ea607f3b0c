use chrono::TimeDelta;

use super::*;
use crate::domain::settings::AlertSettings;

const QUEUE: &str = "dead_letters:notifications";
const TOKEN: &str = "token:facebook";

/// An instant of Friday the 20th as Almaty's clock shows it.
fn at(clock: &str) -> DateTime<Utc> {
    format!("2026-11-20T{clock}:00+05:00").parse().unwrap()
}

fn letters() -> Sighting {
    dead_letters("notifications", 2).unwrap()
}

fn of_token(level: Level) -> Sighting {
    Sighting {
        topic: Topic::new(Kind::Token, "facebook"),
        level,
        message: level.name(),
        what_to_do: "renew it".to_owned(),
        since: None,
        patience: TimeDelta::zero(),
    }
}

fn late() -> Sighting {
    stale("spend", None, None)
}

/// What is held, and every message so far.
#[derive(Default)]
struct Desk {
    held: Vec<Held>,
    told: Vec<String>,
    written: usize,
}

impl Desk {
    fn look(&mut self, clock: &str, sightings: &[Sighting]) -> Vec<String> {
        self.look_with(clock, &Seen { sightings: sightings.to_vec(), ..Seen::default() })
    }

    /// Looks, keeps what is to be kept, and answers what was told.
    fn look_with(&mut self, clock: &str, seen: &Seen) -> Vec<String> {
        let mut told = vec![];
        let steps = decide(&self.held, seen, &AlertSettings::default(), at(clock));
        self.written += steps.len();
        for step in steps {
            self.held.retain(|held| held.topic().id() != step.id);
            match step.next {
                Next::Watched(watched) => self.held.push(Held::Watched(watched)),
                Next::Incident { incident, news } => {
                    told.extend(news.map(|news| format!("{} {}", step.id, news.name())));
                    self.held.push(Held::Incident(incident));
                }
                Next::Gone => {}
            }
        }
        self.told.extend(told.clone());
        told
    }

    fn incident(&self, id: &str) -> &Incident {
        let held = self.held.iter().find(|held| held.topic().id() == id);
        match held {
            Some(Held::Incident(incident)) => incident,
            other => panic!("{id} is {other:?}"),
        }
    }
}

const NOTHING: [&str; 0] = [];

#[test]
fn it_is_told_once_stays_silent_and_is_told_once_when_it_ends() {
    let mut desk = Desk::default();
    assert_eq!(desk.look("10:00", &[letters()]), [format!("{QUEUE} trouble")]);
    for clock in ["10:05", "10:10", "15:00"] {
        assert_eq!(desk.look(clock, &[letters()]), NOTHING, "{clock}");
    }
    let open = desk.incident(QUEUE);
    assert_eq!((open.opened_at, open.last_seen_at, open.ended_at), (at("10:00"), at("15:00"), None));
    assert_eq!(desk.look("15:05", &[]), [format!("{QUEUE} ended")]);
    assert_eq!(desk.incident(QUEUE).ended_at, Some(at("15:05")));
    assert_eq!(desk.look("15:10", &[]), NOTHING);
    assert_eq!(desk.held.len(), 1, "it rests");
    assert_eq!(desk.look("15:20", &[]), NOTHING);
    assert_eq!(desk.held, []);
    let written = desk.written;
    desk.look("15:25", &[]);
    assert_eq!(desk.written, written, "what is well costs nothing");
}

#[test]
fn a_message_says_how_things_stand_at_the_last_look() {
    let mut desk = Desk::default();
    desk.look("10:00", &[letters()]);
    desk.look("10:05", &[dead_letters("notifications", 7).unwrap()]);
    assert!(desk.incident(QUEUE).message.starts_with("7 messages wait"));
}

#[test]
fn what_may_pass_is_no_incident_until_it_has_lasted() {
    let mut desk = Desk::default();
    assert_eq!(desk.look("10:00", &[late()]), NOTHING);
    assert_eq!(desk.look("10:55", &[late()]), NOTHING);
    assert_eq!(desk.look("11:00", &[late()]), ["source_stale:spend trouble"]);
    assert_eq!(desk.incident("source_stale:spend").since, at("10:00"));
    // Well in between: from the beginning.
    let mut desk = Desk::default();
    desk.look("10:00", &[late()]);
    desk.look("10:55", &[]);
    assert_eq!(desk.held, []);
    assert_eq!(desk.look("11:00", &[late()]), NOTHING);
    assert_eq!(desk.look("11:55", &[late()]), NOTHING);
    assert_eq!(desk.look("12:00", &[late()]), ["source_stale:spend trouble"]);
}

#[test]
fn since_when_it_is_so_counts_where_that_is_known() {
    let known = |clock: &str| Sighting { since: Some(at(clock)), ..late() };
    assert_eq!(Desk::default().look("10:00", &[known("09:00")]), ["source_stale:spend trouble"]);
    // A breaker that a probe opens anew has been seen before.
    let mut desk = Desk::default();
    desk.look("10:00", &[known("09:30")]);
    assert_eq!(desk.look("10:25", &[known("10:24")]), NOTHING);
    assert_eq!(desk.look("10:30", &[known("10:29")]), ["source_stale:spend trouble"]);
}

#[test]
fn what_comes_and_goes_is_told_at_most_twice_in_twenty_minutes() {
    let mut desk = Desk::default();
    for minute in (0..60).step_by(5) {
        let sightings = if minute % 10 == 0 { vec![letters()] } else { vec![] };
        desk.look(&format!("10:{minute:02}"), &sightings);
    }
    let expected: Vec<String> =
        ["trouble", "ended"].repeat(3).iter().map(|news| format!("{QUEUE} {news}")).collect();
    assert_eq!(desk.told, expected);
    assert_eq!(desk.incident(QUEUE).opened_at, at("10:40"), "a new one");
}

#[test]
fn a_token_is_told_once_at_each_level() {
    let mut desk = Desk::default();
    let levels = [14, 14, 7, 7, 3, 1, 1].map(Level::ends_in).into_iter().chain([Level::Dead, Level::Dead]);
    for (hour, level) in levels.enumerate() {
        desk.look(&format!("{:02}:00", 10 + hour), &[of_token(level)]);
    }
    let told = ["ends_in_14_days", "ends_in_7_days", "ends_in_3_days", "ends_in_1_days", "dead"];
    assert_eq!(desk.told, told.map(|news| format!("{TOKEN} {news}")));
    assert_eq!(desk.look("19:30", &[]), [format!("{TOKEN} ended")]);
    // What was first seen late is not told of what is past.
    let mut desk = Desk::default();
    assert_eq!(desk.look("10:00", &[of_token(Level::ends_in(3))]), [format!("{TOKEN} ends_in_3_days")]);
}

#[test]
fn a_dead_token_that_now_only_ends_soon_has_ended_its_incident() {
    let mut desk = Desk::default();
    desk.look("10:00", &[of_token(Level::Dead)]);
    let soon = [of_token(Level::ends_in(7))];
    assert_eq!(desk.look("10:05", &soon), [format!("{TOKEN} ended")]);
    assert_eq!(desk.look("10:10", &soon), NOTHING);
    assert_eq!(desk.look("10:20", &soon), [format!("{TOKEN} ends_in_7_days")]);
}

#[test]
fn in_quiet_hours_only_a_dead_token_is_told() {
    let mut desk = Desk::default();
    assert_eq!(desk.look("22:00", &[letters(), of_token(Level::ends_in(1))]), NOTHING);
    let dead = [letters(), of_token(Level::Dead)];
    assert_eq!(desk.look("23:00", &dead), [format!("{TOKEN} dead")]);
    assert_eq!(desk.look("07:59", &dead), NOTHING);
}

#[test]
fn after_quiet_hours_only_what_is_still_so_is_told() {
    let mut desk = Desk::default();
    let hook = |path: &str| {
        use crate::domain::crm::subscriptions::{HookFinding, HookProblem};
        let path = path.to_owned();
        hooks(&[HookFinding {
            path,
            problem: HookProblem::Disabled,
            events: vec![],
            what_to_do: String::new(),
        }])
    };
    desk.look("01:00", &[vec![letters()], hook("/webhook/amocrm/traffic")].concat());
    // One comes and goes.
    assert_eq!(desk.look("02:00", &hook("/webhook/amocrm/traffic")), NOTHING);
    assert_eq!((desk.incident(QUEUE).ended_at, desk.incident(QUEUE).told.len()), (Some(at("02:00")), 0));
    assert_eq!(desk.look("08:00", &hook("/webhook/amocrm/traffic")), ["hook_disabled:traffic trouble"]);
    assert_eq!(desk.look("08:05", &hook("/webhook/amocrm/traffic")), NOTHING);
    assert_eq!(desk.look("08:10", &[]), ["hook_disabled:traffic ended"]);
}

#[test]
fn a_hook_that_is_off_and_then_taken_away_is_not_over() {
    use crate::domain::crm::subscriptions::{HookFinding, HookProblem};
    let finding = |problem| {
        let path = "/api/amocrm/sales-webhook".to_owned();
        hooks(&[HookFinding { path, problem, events: vec![], what_to_do: String::new() }])
    };
    let mut desk = Desk::default();
    assert_eq!(desk.look("10:00", &finding(HookProblem::Disabled)), ["hook_disabled:sales-webhook trouble"]);
    assert_eq!(desk.look("10:05", &finding(HookProblem::Missing)), NOTHING);
    let open = desk.incident("hook_disabled:sales-webhook");
    assert!(open.is_open() && open.message.contains("has no hook"), "{}", open.message);
    assert_eq!(desk.look("10:10", &[]), ["hook_disabled:sales-webhook ended"]);
}

#[test]
fn an_end_in_quiet_hours_is_told_after_them_unless_it_is_back() {
    let ended_by = |clocks: &[&str]| {
        let mut desk = Desk::default();
        desk.look("00:01", &[of_token(Level::Dead)]);
        assert_eq!(desk.look("01:00", &[]), NOTHING);
        for clock in clocks {
            assert_eq!(desk.look(clock, &[of_token(Level::Dead)]), NOTHING, "{clock}");
        }
        desk
    };
    let mut desk = ended_by(&[]);
    assert_eq!(desk.look("07:59", &[]), NOTHING);
    assert_eq!(desk.look("08:00", &[]), [format!("{TOKEN} ended")]);
    assert_eq!(desk.incident(TOKEN).ended_at, Some(at("01:00")));
    assert_eq!(desk.look("08:05", &[]), NOTHING);
    assert_eq!(desk.held, [], "it has rested since it ended");
    let mut desk = ended_by(&["03:00", "07:55"]);
    assert_eq!(desk.incident(TOKEN).ended_at, None, "nobody heard of the end");
    assert_eq!(desk.look("08:00", &[of_token(Level::Dead)]), NOTHING);
    assert_eq!(desk.look("08:05", &[]), [format!("{TOKEN} ended")]);
}

#[test]
fn what_nobody_can_see_neither_opens_nor_ends() {
    let mut desk = Desk::default();
    desk.look("10:00", &[letters(), late()]);
    let blind = Seen { unread: Kind::ALL.into(), ..Seen::default() };
    let held = desk.held.clone();
    assert_eq!(desk.look_with("10:30", &blind), NOTHING);
    assert_eq!(desk.held, held);
    assert_eq!(desk.look("11:00", &[letters(), late()]), ["source_stale:spend trouble"]);
}

#[test]
fn one_that_nobody_can_see_leaves_the_others_of_its_kind_as_they_are() {
    let mut desk = Desk::default();
    desk.look("10:00", &[letters(), dead_letters("hook-retry", 1).unwrap()]);
    let blind = Seen { unread_topics: [QUEUE.to_owned()].into(), ..Seen::default() };
    assert_eq!(desk.look_with("10:05", &blind), ["dead_letters:hook-retry ended"]);
    assert!(desk.incident(QUEUE).is_open());
}

#[test]
fn an_incident_reads_back() {
    let mut desk = Desk::default();
    desk.look("10:00", &[of_token(Level::ends_in(14)), late()]);
    let written = serde_json::to_string(&desk.held).unwrap();
    assert_eq!(serde_json::from_str::<Vec<Held>>(&written).unwrap(), desk.held);
    let topic = Topic { day: Day::parse("2026-11-20"), ..Topic::new(Kind::DailyLimit, "12") };
    assert_eq!(topic.id(), "daily_limit:12:2026-11-20");
    let read: Topic = serde_json::from_value(serde_json::to_value(&topic).unwrap()).unwrap();
    assert_eq!(read, topic);
}
