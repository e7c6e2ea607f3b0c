//! The rules in force, beside those that some deals still stand by.

use std::collections::BTreeMap;

use super::rules::{Products, Rules, RulesFor, RulesVersion, Teams};

/// The rules in force, and so many of the earlier ones as were asked for.
#[derive(Debug, Clone)]
pub struct Rulebook {
    now: Rules,
    teams: BTreeMap<u64, Teams>,
    products: BTreeMap<u64, Products>,
}

/// A version of a section that is not in the book.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Page {
    /// Of the teams.
    Teams(u64),
    /// Of the products.
    Products(u64),
}

impl Default for Rulebook {
    fn default() -> Self {
        Rules::default().into()
    }
}

impl From<Rules> for Rulebook {
    /// A book of these rules, and of the defaults, which every code knows.
    fn from(now: Rules) -> Self {
        let defaults = Rules::default();
        let mut book = Self {
            now: now.clone(),
            teams: [(defaults.version.teams, defaults.teams)].into(),
            products: [(defaults.version.products, defaults.products)].into(),
        };
        book.add(now);
        book
    }
}

impl Rulebook {
    /// The rules in force.
    pub fn now(&self) -> &Rules {
        &self.now
    }

    /// Learns both parts of these rules by their versions.
    pub fn add(&mut self, rules: Rules) {
        self.add_teams(rules.version.teams, rules.teams);
        self.add_products(rules.version.products, rules.products);
    }

    /// Learns a version of the teams.
    pub fn add_teams(&mut self, version: u64, teams: Teams) {
        self.teams.insert(version, teams);
    }

    /// Learns a version of the products.
    pub fn add_products(&mut self, version: u64, products: Products) {
        self.products.insert(version, products);
    }

    /// The same pages under other rules in force.
    pub fn with_now(&self, now: Rules) -> Self {
        let mut book = Self { now: now.clone(), ..self.clone() };
        book.add(now);
        book
    }

    /// The rules of a version; nothing where a page of them is missing.
    pub fn at(&self, version: RulesVersion) -> Option<Rules> {
        if version == self.now.version {
            return Some(self.now.clone());
        }
        let (teams, products) = (self.teams.get(&version.teams)?, self.products.get(&version.products)?);
        Some(Rules { version, teams: teams.clone(), products: products.clone() })
    }

    /// What is missing to tell the rules of these versions.
    pub fn missing(&self, versions: impl IntoIterator<Item = RulesVersion>) -> Vec<Page> {
        let pages = versions.into_iter().flat_map(|version| {
            let teams = (!self.teams.contains_key(&version.teams)).then_some(Page::Teams(version.teams));
            let products =
                (!self.products.contains_key(&version.products)).then_some(Page::Products(version.products));
            [teams, products].into_iter().flatten()
        });
        let mut pages: Vec<Page> = pages.collect();
        pages.sort_unstable();
        pages.dedup();
        pages
    }

    /// Works with the rules of a deal: those that it stands by, of which no page may be missing, and those in force. A deal
    /// that is not known yet stands by the rules in force.
    pub fn work<T>(&self, standing: Option<RulesVersion>, work: impl FnOnce(RulesFor<'_>) -> T) -> Option<T> {
        match standing.filter(|version| *version != self.now.version) {
            None => Some(work(RulesFor::from(&self.now))),
            Some(version) => {
                let standing = self.at(version)?;
                Some(work(RulesFor { standing: &standing, now: &self.now }))
            }
        }
    }

    /// The same as if these were the rules in force, whichever are.
    pub fn work_by<T>(
        &self,
        standing: RulesVersion,
        now: RulesVersion,
        work: impl FnOnce(RulesFor<'_>) -> T,
    ) -> Option<T> {
        let (standing, now) = (self.at(standing)?, self.at(now)?);
        Some(work(RulesFor { standing: &standing, now: &now }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(teams: u64, products: u64) -> RulesVersion {
        RulesVersion { teams, products }
    }

    #[test]
    fn a_book_knows_the_defaults_and_what_it_was_told_and_names_what_is_missing() {
        let third = Rules { version: version(3, 0), ..Rules::default() };
        let mut book = Rulebook::from(third);
        assert_eq!(book.missing([version(0, 0), version(3, 0)]), []);
        assert_eq!(book.missing([version(1, 2), version(1, 0)]), [Page::Teams(1), Page::Products(2)]);
        assert!(book.at(version(1, 2)).is_none());
        assert_eq!(book.work(Some(version(1, 2)), |_| ()), None);
        book.add_teams(1, Teams(vec![]));
        book.add_products(2, Products::default());
        let old = book.at(version(1, 2)).unwrap();
        assert!(old.teams.is_empty() && old.version == version(1, 2));
        let seen = book.work(Some(version(1, 2)), |rules| (rules.standing.version, rules.now.version));
        assert_eq!(seen, Some((version(1, 2), version(3, 0))));
        assert_eq!(book.work(None, |rules| rules.standing.version), Some(version(3, 0)));
        let as_if =
            book.work_by(version(0, 0), version(1, 2), |rules| (rules.standing.version, rules.now.version));
        assert_eq!(as_if, Some((version(0, 0), version(1, 2))), "whatever is in force");
    }
}
