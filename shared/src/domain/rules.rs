//! Every rule that decides about money, with the defaults the school works by.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Deref;

use serde::{Deserialize, Serialize};

use super::ad_account::AdAccountId;
use super::pattern::{Match, Pattern};
use super::product::ProductRules;
use super::stage::StageRules;
use super::team::{Owner, Team, TeamId};
use super::utm::UtmName;

/// The rules in force, or those that once were.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    /// Which they are.
    pub version: RulesVersion,
    /// Whose a sale is.
    pub teams: Teams,
    /// What is a sale, and of what.
    pub products: Products,
}

/// Which rules: the versions of both sections of the settings that decide about money. 0 stands for the defaults.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RulesVersion {
    /// Of [`Teams`].
    pub teams: u64,
    /// Of [`Products`].
    pub products: u64,
}

impl RulesVersion {
    /// Whether nobody had changed anything yet.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// The rules that one deal is worked out by: those it stands by, and those in force.
///
/// What stands is moved by nothing but its own facts: a deal whose facts stay the same stays by the rules that it stands by, and
/// what is new about it is decided by the rules in force.
#[derive(Debug, Clone, Copy)]
pub struct RulesFor<'a> {
    /// Those that it stands by.
    pub standing: &'a Rules,
    /// Those in force.
    pub now: &'a Rules,
}

impl<'a> From<&'a Rules> for RulesFor<'a> {
    /// Where it stands by the rules in force.
    fn from(now: &'a Rules) -> Self {
        Self { standing: now, now }
    }
}

impl<'a> RulesFor<'a> {
    /// Each part of the rules in force where that part is asked for, else the part that the deal stands by.
    pub fn mixed(self, teams_now: bool, products_now: bool) -> Cow<'a, Rules> {
        let Self { standing, now } = self;
        let is_now = |asked: bool, same: bool| asked || same;
        let teams_now = is_now(teams_now, standing.version.teams == now.version.teams);
        let products_now = is_now(products_now, standing.version.products == now.version.products);
        match (teams_now, products_now) {
            (true, true) => Cow::Borrowed(now),
            (false, false) => Cow::Borrowed(standing),
            (true, false) => Cow::Owned(Rules::joined(now, standing)),
            (false, true) => Cow::Owned(Rules::joined(standing, now)),
        }
    }
}

/// The teams in the order in which they are tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Teams(pub Vec<Team>);

impl Teams {
    /// The section of the settings that holds them.
    pub const SECTION: &str = "teams";
}

impl Deref for Teams {
    type Target = [Team];

    fn deref(&self) -> &[Team] {
        &self.0
    }
}

/// How a sale and its product are told.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Products {
    /// The products and their prices.
    #[serde(rename = "products")]
    pub list: ProductRules,
    /// Which stages are sales.
    #[serde(default)]
    pub stages: StageRules,
    /// amoCRM fields that hold a UTM value, by field id.
    #[serde(default)]
    pub utm_fields: BTreeMap<u64, UtmName>,
}

impl Products {
    /// The section of the settings that holds them.
    pub const SECTION: &str = "products";
}

impl Rules {
    fn joined(teams: &Self, products: &Self) -> Self {
        Self {
            version: RulesVersion { teams: teams.version.teams, products: products.version.products },
            teams: teams.teams.clone(),
            products: products.products.clone(),
        }
    }

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

impl Default for Teams {
    fn default() -> Self {
        Self(vec![
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
        ])
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
