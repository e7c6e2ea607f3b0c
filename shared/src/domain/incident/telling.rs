//! Whether news is still worth telling at the moment of sending, which may be long after it was stored: a messenger may have
//! been out of reach meanwhile.

use chrono::{DateTime, Utc};

use super::{Incident, Level, News};
use crate::domain::notification::NotificationState;
use crate::domain::settings::AlertSettings;

/// What is to be done about news now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Telling {
    /// It is told.
    Now,
    /// It is told then: people are to be left in peace.
    At(DateTime<Utc>),
    /// It waits until it is known whether what came before it was told.
    Behind,
    /// It is never told, for this reason.
    Never(&'static str),
}

const OVER: &str = "it was over before it could be told";
const WORSE: &str = "something worse is told instead";
const UNHEARD: &str = "nobody was told that it had begun";

impl Incident {
    /// What is to be done about news of this incident. `before` is what became of the messages that said that it is so.
    pub fn telling(
        &self,
        news: News,
        before: &[NotificationState],
        settings: &AlertSettings,
        now: DateTime<Utc>,
    ) -> Telling {
        match news {
            News::Is(_) if !self.is_open() => return Telling::Never(OVER),
            News::Is(level) if self.worst_told() > Some(level) => return Telling::Never(WORSE),
            News::Is(Level::Dead) => return Telling::Now,
            News::Ended if before.contains(&NotificationState::Pending) => return Telling::Behind,
            News::Ended if !before.contains(&NotificationState::Sent) => return Telling::Never(UNHEARD),
            News::Is(_) | News::Ended => {}
        }
        settings.quiet_until(now).map_or(Telling::Now, Telling::At)
    }

    /// What was told of it while it lasted, in that order.
    pub fn told_to_be(&self) -> impl Iterator<Item = News> {
        self.told.iter().map(|told| told.news).filter(|news| matches!(news, News::Is(_)))
    }

    /// What was told last, while it lasts: whoever was not reached by that does not know of it.
    pub fn told_last(&self) -> Option<News> {
        self.told.last().map(|told| told.news).filter(|_| self.is_open())
    }
}

#[cfg(test)]
mod tests {
    use NotificationState::{Failed, Pending, Sent};

    use super::*;
    use crate::domain::incident::{Kind, Told, Topic};

    const IS: News = News::Is(Level::Trouble);

    fn at(clock: &str) -> DateTime<Utc> {
        format!("2026-11-20T{clock}:00+05:00").parse().unwrap()
    }

    fn incident(told: &[News], ended_at: Option<&str>) -> Incident {
        Incident {
            topic: Topic::new(Kind::Token, "facebook"),
            since: at("10:00"),
            opened_at: at("10:00"),
            last_seen_at: at("10:00"),
            ended_at: ended_at.map(at),
            level: Level::Trouble,
            message: String::new(),
            what_to_do: String::new(),
            told: told.iter().map(|news| Told { news: *news, at: at("10:00") }).collect(),
        }
    }

    fn telling(incident: &Incident, news: News, before: &[NotificationState], clock: &str) -> Telling {
        incident.telling(news, before, &AlertSettings::default(), at(clock))
    }

    #[test]
    fn what_is_over_before_it_was_told_is_not_told_and_neither_is_its_end() {
        let over = incident(&[IS, News::Ended], Some("12:00"));
        assert_eq!(telling(&over, IS, &[], "13:00"), Telling::Never(OVER));
        assert_eq!(telling(&over, News::Ended, &[Failed], "13:00"), Telling::Never(UNHEARD));
        assert_eq!(telling(&over, News::Ended, &[], "13:00"), Telling::Never(UNHEARD));
    }

    #[test]
    fn an_end_is_told_to_who_heard_of_the_beginning_and_never_before_it() {
        let over = incident(&[IS, News::Ended], Some("12:00"));
        assert_eq!(telling(&over, News::Ended, &[Pending], "13:00"), Telling::Behind);
        assert_eq!(telling(&over, News::Ended, &[Sent, Pending], "13:00"), Telling::Behind);
        assert_eq!(telling(&over, News::Ended, &[Sent], "13:00"), Telling::Now);
        assert_eq!(telling(&over, News::Ended, &[Sent, Failed], "13:00"), Telling::Now);
    }

    #[test]
    fn what_could_not_be_told_in_time_waits_for_the_end_of_quiet_hours_but_for_a_dead_token() {
        let (open, morning) = (incident(&[IS], None), "2026-11-21T03:00:00Z".parse().unwrap());
        assert_eq!(telling(&open, IS, &[], "21:59"), Telling::Now);
        assert_eq!(telling(&open, IS, &[], "22:01"), Telling::At(morning));
        let soon = News::Is(Level::ends_in(1));
        assert_eq!(telling(&incident(&[soon], None), soon, &[], "22:01"), Telling::At(morning));
        let dead = News::Is(Level::Dead);
        assert_eq!(telling(&incident(&[dead], None), dead, &[], "22:01"), Telling::Now);
        let over = incident(&[dead, News::Ended], Some("12:00"));
        assert_eq!(telling(&over, News::Ended, &[Sent], "22:01"), Telling::At(morning));
    }

    #[test]
    fn what_became_worse_meanwhile_is_told_once() {
        let (soon, dead) = (News::Is(Level::ends_in(1)), News::Is(Level::Dead));
        let open = incident(&[soon, dead], None);
        assert_eq!(telling(&open, soon, &[], "13:00"), Telling::Never(WORSE));
        assert_eq!(telling(&open, dead, &[], "13:00"), Telling::Now);
    }

    #[test]
    fn who_was_told_last_of_what_lasts_is_known() {
        assert_eq!(incident(&[IS], None).told_last(), Some(IS));
        assert_eq!(incident(&[], None).told_last(), None);
        let over = incident(&[IS, News::Ended], Some("12:00"));
        assert_eq!((over.told_last(), over.told_to_be().collect::<Vec<_>>()), (None, vec![IS]));
    }
}
