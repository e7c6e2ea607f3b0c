//! The media buyers' teams and the place where a figure belongs that no team earned.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::pattern::Pattern;

/// A team's id, as it stands in addresses, groups and keys.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TeamId(String);

impl TeamId {
    /// Takes the text as it is; whether such a team exists is for [`super::rules::Rules::team`] to say.
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TeamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A team with what makes a sale its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Team {
    /// Its id.
    pub id: TeamId,
    /// Its name for people.
    pub title: String,
    /// Its colour on the dashboard, as `#rrggbb`.
    pub color: String,
    /// Its sign in messages and on the dashboard.
    pub emoji: String,
    /// What its UTM values contain.
    pub patterns: Vec<Pattern>,
    /// Its ad accounts: digits, without `act_`.
    pub ad_accounts: Vec<String>,
}

/// Where a figure belongs: to a team, or to nobody.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Owner {
    /// The team earned it.
    Team(TeamId),
    /// No rule gives it to a team.
    Unattributed,
}

/// The key of [`Owner::Unattributed`]. No team may have this id.
const UNATTRIBUTED: &str = "unattributed";

impl Owner {
    /// The owner as a part of a key in the store.
    pub fn key(&self) -> &str {
        match self {
            Self::Team(team) => team.as_str(),
            Self::Unattributed => UNATTRIBUTED,
        }
    }

    /// The team, if there is one.
    pub fn team(&self) -> Option<&TeamId> {
        match self {
            Self::Team(team) => Some(team),
            Self::Unattributed => None,
        }
    }
}

impl From<Option<TeamId>> for Owner {
    fn from(team: Option<TeamId>) -> Self {
        team.map_or(Self::Unattributed, Self::Team)
    }
}
