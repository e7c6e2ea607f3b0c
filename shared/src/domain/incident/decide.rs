//! What is to be written and told, by what is seen and what is held.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Incident, Kind, Level, News, REST, Sighting, Told, Topic};
use crate::domain::settings::AlertSettings;

/// What a look has found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    /// What is wrong.
    pub sightings: Vec<Sighting>,
    /// The kinds that could not be looked at.
    pub unread: BTreeSet<Kind>,
    /// The topics that could not be looked at, of kinds that could, by their ids.
    pub unread_topics: BTreeSet<String>,
}

impl Seen {
    fn looked_at(&self, topic: &Topic) -> bool {
        !self.unread.contains(&topic.kind) && !self.unread_topics.contains(&topic.id())
    }
}

/// What was seen and is no incident yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watched {
    /// What.
    #[serde(flatten)]
    pub topic: Topic,
    /// Since when.
    pub since: DateTime<Utc>,
}

/// What is held of one topic between looks. One that is well is not held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Held {
    /// It is no incident yet.
    Watched(Watched),
    /// It is one, or was one a moment ago.
    Incident(Incident),
}

impl Held {
    /// What it is about.
    pub fn topic(&self) -> &Topic {
        match self {
            Self::Watched(watched) => &watched.topic,
            Self::Incident(incident) => &incident.topic,
        }
    }
}

/// What a topic comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The topic.
    pub id: String,
    /// What is to be held of it.
    pub next: Next,
}

/// What is to be held of a topic, and told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// It is watched.
    Watched(Watched),
    /// It is or was an incident; `news` is what is told now, and stands in it as told.
    Incident {
        /// As it is from now on.
        incident: Incident,
        /// What is told.
        news: Option<News>,
    },
    /// Nothing is held any more.
    Gone,
}

/// What is to be written and told. Topics of which nothing changes are not among them.
pub fn decide(held: &[Held], seen: &Seen, settings: &AlertSettings, now: DateTime<Utc>) -> Vec<Step> {
    let mut topics: BTreeMap<String, (Option<&Held>, Option<&Sighting>)> = BTreeMap::new();
    for held in held {
        topics.entry(held.topic().id()).or_default().0 = Some(held);
    }
    for sighting in &seen.sightings {
        topics.entry(sighting.topic.id()).or_default().1 = Some(sighting);
    }
    let moment = Moment { is_quiet: settings.is_quiet(now), now };
    let steps = topics.into_iter().filter_map(|(id, (held, sighting))| {
        let is_seen = held.is_none_or(|held| seen.looked_at(held.topic()));
        let next = moment.step(held, sighting, is_seen)?;
        Some(Step { id, next })
    });
    steps.collect()
}

struct Moment {
    is_quiet: bool,
    now: DateTime<Utc>,
}

impl Moment {
    fn step(&self, held: Option<&Held>, sighting: Option<&Sighting>, is_seen: bool) -> Option<Next> {
        match (held, sighting) {
            (None, None) => None,
            (None, Some(sighting)) => Some(self.begin(sighting, None)),
            (Some(Held::Incident(ended)), _) if !ended.is_open() => self.after_end(ended, sighting),
            (Some(_), _) if !is_seen => None,
            (Some(Held::Watched(watched)), Some(sighting)) => {
                let next = self.begin(sighting, Some(watched.since));
                (next != Next::Watched(watched.clone())).then_some(next)
            }
            (Some(Held::Watched(_)), None) => Some(Next::Gone),
            (Some(Held::Incident(open)), Some(sighting)) if sighting.level >= open.level => {
                Some(self.goes_on(open.clone(), sighting))
            }
            (Some(Held::Incident(open)), _) => Some(self.ends(open.clone())),
        }
    }

    /// It is wrong, and was not before, or was only watched.
    fn begin(&self, sighting: &Sighting, watched_since: Option<DateTime<Utc>>) -> Next {
        let since = [watched_since, sighting.since].into_iter().flatten().fold(self.now, DateTime::min);
        if self.now - since < sighting.patience {
            return Next::Watched(Watched { topic: sighting.topic.clone(), since });
        }
        let incident = Incident {
            topic: sighting.topic.clone(),
            since,
            opened_at: self.now,
            last_seen_at: self.now,
            ended_at: None,
            level: sighting.level,
            message: sighting.message.clone(),
            what_to_do: sighting.what_to_do.clone(),
            told: vec![],
        };
        self.told_of(incident)
    }

    fn goes_on(&self, open: Incident, sighting: &Sighting) -> Next {
        self.told_of(Incident {
            last_seen_at: self.now,
            level: sighting.level,
            message: sighting.message.clone(),
            what_to_do: sighting.what_to_do.clone(),
            ..open
        })
    }

    fn ends(&self, open: Incident) -> Next {
        self.told_of(Incident { ended_at: Some(self.now), ..open })
    }

    /// It has ended before.
    fn after_end(&self, ended: &Incident, sighting: Option<&Sighting>) -> Option<Next> {
        if ended.owes_end() {
            return match sighting {
                Some(sighting) if sighting.level >= ended.level => {
                    Some(self.goes_on(Incident { ended_at: None, ..ended.clone() }, sighting))
                }
                _ if self.is_quiet => None,
                _ => Some(self.told_of(ended.clone())),
            };
        }
        let has_rested = ended.ended_at.is_none_or(|at| self.now - at >= REST);
        match sighting {
            _ if !has_rested => None,
            Some(sighting) => Some(self.begin(sighting, None)),
            None => Some(Next::Gone),
        }
    }

    /// The incident with what is to be told of it now.
    fn told_of(&self, incident: Incident) -> Next {
        let news = self.news(&incident);
        let told = news.map(|news| Told { news, at: self.now });
        let told = incident.told.iter().copied().chain(told).collect();
        Next::Incident { incident: Incident { told, ..incident }, news }
    }

    fn news(&self, incident: &Incident) -> Option<News> {
        if incident.is_open() {
            let is_new = incident.worst_told().is_none_or(|told| told < incident.level);
            let may_be_told = !self.is_quiet || incident.level == Level::Dead;
            (is_new && may_be_told).then_some(News::Is(incident.level))
        } else {
            (incident.owes_end() && !self.is_quiet).then_some(News::Ended)
        }
    }
}
