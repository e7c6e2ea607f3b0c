//! Parameters in PHP's notation, `filter[statuses][0][status_id]=142`, as flat pairs whose name is a path.

use std::collections::{BTreeMap, BTreeSet};

/// The parameters of a call in their order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Query(Vec<(Vec<String>, String)>);

impl Query {
    /// Reads the part of an address behind the question mark.
    pub fn read(text: &str) -> Self {
        let pairs = form_urlencoded::parse(text.as_bytes());
        Self(pairs.map(|(name, value)| (segments(&name), value.into_owned())).collect())
    }

    /// Without the filters of these names; `*` takes all away.
    pub fn without_filters(mut self, names: &[String]) -> Self {
        let off = |name: &String| names.iter().any(|one| one == "*" || one == name);
        self.0.retain(|(path, _)| path[0] != "filter" || !path.get(1).is_some_and(off));
        self
    }

    /// A parameter that is not empty.
    pub fn get(&self, path: &[&str]) -> Option<&str> {
        let found = self.0.iter().rev().find(|(name, value)| name == path && !value.is_empty());
        found.map(|(_, value)| value.as_str())
    }

    /// A parameter that is a whole number.
    pub fn number(&self, path: &[&str]) -> Option<i64> {
        self.get(path)?.parse().ok()
    }

    /// The values of a list, `name[]` and `name[0]`, or of a plain `name`; `None` where there is none.
    pub fn list(&self, path: &[&str]) -> Option<Vec<&str>> {
        let of = |name: &[String]| name.starts_with_path(path) && name.len() <= path.len() + 1;
        let all = self.0.iter().filter(|(name, value)| of(name) && !value.is_empty());
        let all = all.map(|(_, value)| value.as_str()).collect::<Vec<_>>();
        (!all.is_empty()).then_some(all)
    }

    /// The ids that a filter names, one by one or separated by commas; what is no number is left out.
    pub fn ids(&self, filter: &str) -> Option<BTreeSet<u64>> {
        let all = self.list(&["filter", filter])?.into_iter().flat_map(|text| text.split(','));
        Some(all.filter_map(|text| text.trim().parse().ok()).collect())
    }

    /// The words that a filter names, one by one or separated by commas.
    pub fn words(&self, filter: &str) -> Option<BTreeSet<&str>> {
        let all = self.list(&["filter", filter])?.into_iter().flat_map(|text| text.split(','));
        Some(all.map(str::trim).collect())
    }

    /// The time that a filter lets through.
    pub fn span(&self, filter: &str) -> Span {
        let border = |side| self.number(&["filter", filter, side]);
        Span { from: border("from"), to: border("to") }
    }

    /// The members of each numbered group below a path.
    pub fn groups(&self, path: &[&str]) -> BTreeMap<&str, BTreeMap<&str, &str>> {
        let mut groups = BTreeMap::<_, BTreeMap<_, _>>::new();
        for (name, value) in &self.0 {
            if name.len() == path.len() + 2 && name.starts_with_path(path) {
                let (group, member) = (name[path.len()].as_str(), name[path.len() + 1].as_str());
                groups.entry(group).or_default().insert(member, value.as_str());
            }
        }
        groups
    }

    /// Whether a comma-separated parameter names this word.
    pub fn names(&self, parameter: &str, word: &str) -> bool {
        self.get(&[parameter]).is_some_and(|text| text.split(',').any(|part| part.trim() == word))
    }

    /// One field and its direction, as `order[updated_at]=asc` says it.
    pub fn order(&self) -> Option<(&str, bool)> {
        let (path, value) = self.0.iter().find(|(path, _)| path.len() == 2 && path[0] == "order")?;
        Some((path[1].as_str(), value == "desc"))
    }

    /// As text again, for links and for the record.
    pub fn text(&self, change: impl Fn(&str, &str) -> String) -> String {
        let mut text = form_urlencoded::Serializer::new(String::new());
        for (path, value) in &self.0 {
            let rest = path[1..].iter().map(|part| format!("[{part}]")).collect::<String>();
            let name = format!("{}{rest}", path[0]);
            text.append_pair(&name, &change(&name, value));
        }
        text.finish()
    }

    /// With this value for a plain parameter, and no other.
    pub fn with(&self, name: &str, value: &str) -> Self {
        let mut pairs = self.0.clone();
        pairs.retain(|(path, _)| path.len() != 1 || path[0] != name);
        pairs.push((vec![name.to_owned()], value.to_owned()));
        Self(pairs)
    }
}

/// A stretch of time that may be open at either side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    from: Option<i64>,
    to: Option<i64>,
}

impl Span {
    /// Its first and its last second.
    pub fn borders(self) -> (i64, i64) {
        (self.from.unwrap_or(i64::MIN), self.to.unwrap_or(i64::MAX))
    }

    /// Whether a time is in it. What has no time is only in one that is open at both sides.
    pub fn holds(self, time: Option<i64>) -> bool {
        let (from, to) = self.borders();
        match time {
            Some(time) => from <= time && time <= to,
            None => self.from.is_none() && self.to.is_none(),
        }
    }
}

trait Path {
    fn starts_with_path(&self, path: &[&str]) -> bool;
}

impl Path for [String] {
    fn starts_with_path(&self, path: &[&str]) -> bool {
        self.len() >= path.len() && self.iter().zip(path).all(|(one, other)| one == other)
    }
}

fn segments(name: &str) -> Vec<String> {
    let (first, rest) = name.split_once('[').unwrap_or((name, ""));
    let mut segments = vec![first.to_owned()];
    if !rest.is_empty() {
        segments.extend(rest.trim_end_matches(']').split("][").map(str::to_owned));
    }
    segments
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_are_a_path_percent_encoded_or_not() {
        let query =
            Query::read("filter%5Bid%5D%5B%5D=1&filter[id][]=2&filter[id][]=x&order[id]=desc&page=3&with=");
        assert_eq!(query.ids("id"), Some(BTreeSet::from([1, 2])));
        assert_eq!(query.order(), Some(("id", true)));
        assert_eq!((query.number(&["page"]), query.get(&["with"])), (Some(3), None));
        assert_eq!(query.ids("pipeline_id"), None);
        assert_eq!(Query::read("filter[id]=4,%205").ids("id"), Some(BTreeSet::from([4, 5])));
    }

    #[test]
    fn groups_keep_their_members_together() {
        let query = Query::read(
            "filter[statuses][0][pipeline_id]=7&filter[statuses][0][status_id]=142&filter[statuses][1][status_id]=143",
        );
        let groups = query.groups(&["filter", "statuses"]);
        assert_eq!(groups["0"], BTreeMap::from([("pipeline_id", "7"), ("status_id", "142")]));
        assert_eq!(groups["1"], BTreeMap::from([("status_id", "143")]));
    }

    #[test]
    fn a_span_may_be_open_and_what_has_no_time_is_in_no_other() {
        let span = |text| Query::read(text).span("closed_at");
        let open = span("filter[closed_at]=5");
        assert!(open.holds(None) && open.holds(Some(0)));
        let half = span("filter[closed_at][from]=5");
        assert_eq!([4, 5, 9].map(|time| half.holds(Some(time))), [false, true, true]);
        assert!(!half.holds(None));
        assert_eq!(span("filter[closed_at][from]=5&filter[closed_at][to]=4").borders(), (5, 4));
    }

    #[test]
    fn filters_can_be_off_and_text_comes_back() {
        let query = Query::read("filter[id][]=1&query=%2B7");
        assert_eq!(query.clone().without_filters(&["id".to_owned()]).ids("id"), None);
        assert_eq!(query.clone().without_filters(&["*".to_owned()]).text(|_, v| v.to_owned()), "query=%2B7");
        assert_eq!(
            query.with("page", "2").text(|_, v| v.to_owned()),
            "filter%5Bid%5D%5B%5D=1&query=%2B7&page=2"
        );
    }
}
