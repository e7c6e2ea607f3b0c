//! Every rule that decides about money, with the defaults the school works by.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::ad_account::AdAccountId;
use super::pattern::{Match, Pattern};
use super::product::ProductRules;
use super::stage::StageRules;
use super::team::{Owner, Team, TeamId};
use super::utm::UtmName;

/// The rules in force.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Rules {
    /// The teams in the order in which they are tried.
    pub teams: Vec<Team>,
    /// How products are told.
    pub products: ProductRules,
    /// Which stages are sales.
    pub stages: StageRules,
    /// amoCRM fields that hold a UTM value, by field id.
    pub utm_fields: BTreeMap<u64, UtmName>,
}

impl Rules {
    /// The team with this id.
    pub fn team(&self, id: &str) -> Option<&Team> {
        self.teams.iter().find(|team| team.id.as_str() == id)
    }

    /// Whose spend an ad account's spend is: that of the team it is configured for, else nobody's.
    pub fn owner_of(&self, account: &AdAccountId) -> Owner {
        let has_it = |team: &&Team| team.ad_accounts.iter().any(|configured| configured == account.digits());
        Owner::from(self.teams.iter().find(has_it).map(|team| team.id.clone()))
    }
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            teams: vec![
                team(
                    ("kenesary", "Kenesary", "#3b82f6", "👑"),
                    "964264512447589",
                    &["nutrients", "nutcab", "kenesary", "tripwire", "pb_agency"],
                    &["kab3", "1day", "kenji", "kenes"],
                ),
                team(
                    ("arystan", "Arystan", "#8b5cf6", "🦁"),
                    "666059476005255",
                    &["arystan", "rm almaty", "rm_almaty"],
                    &["ar_", "ast_"],
                ),
                team(
                    ("muha", "Muha", "#eab308", "🚀"),
                    "839340528712304",
                    &["yourmarketolog", "maqtakyz", "residence", "yourteam"],
                    &["onai", "on ai", "запуск", "muha", "tima"],
                ),
                team(
                    ("traf4", "Traf4", "#ef4444", "⚡"),
                    "30779210298344970",
                    &["proftest", "pb_agency", "smmmcwin"],
                    &["alex", "traf4", "3-1"],
                ),
            ],
            products: ProductRules::default(),
            stages: StageRules::default(),
            utm_fields: BTreeMap::new(),
        }
    }
}

fn team(
    (id, title, color, emoji): (&str, &str, &str, &str),
    ad_account: &str,
    anywhere: &[&str],
    word: &[&str],
) -> Team {
    let patterns = |texts: &[&str], matching| -> Vec<Pattern> {
        texts.iter().map(|text| Pattern::new(text, matching)).collect()
    };
    Team {
        id: TeamId::new(id),
        title: title.to_owned(),
        color: color.to_owned(),
        emoji: emoji.to_owned(),
        patterns: [patterns(anywhere, Match::Anywhere), patterns(word, Match::Word)].concat(),
        ad_accounts: vec![ad_account.to_owned()],
    }
}
