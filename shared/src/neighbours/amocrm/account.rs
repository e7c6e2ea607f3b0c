//! Which amoCRM account a hook is from.

use super::body::Node;
use super::scalar;

/// An account that is configured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownAccount {
    /// Its id.
    pub id: u64,
    /// The first part of its address.
    pub subdomain: String,
}

/// The accounts that are configured.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KnownAccounts(Vec<KnownAccount>);

impl KnownAccounts {
    /// Reads `id:subdomain,id:subdomain`.
    pub fn parse(text: &str) -> Option<Self> {
        let account = |part: &str| {
            let (id, subdomain) = part.split_once(':')?;
            Some(KnownAccount { id: scalar::id(id)?, subdomain: subdomain.to_lowercase() })
        };
        text.split(',').filter(|part| !part.is_empty()).map(account).collect::<Option<_>>().map(Self)
    }

    /// The only one, where there is no other.
    pub fn only(&self) -> Option<u64> {
        match self.0.as_slice() {
            [only] => Some(only.id),
            _ => None,
        }
    }

    /// The account whose own address this is: by the first part of its host's name, else the only one that is known.
    pub fn at(&self, base: &str) -> Option<u64> {
        let host = base.split_once("://").map_or(base, |(_, rest)| rest);
        let subdomain = host.split(['.', ':', '/']).next().unwrap_or_default();
        match self.only() {
            Some(only) => Some(only),
            None => self.with_subdomain(subdomain),
        }
    }

    fn with_subdomain(&self, subdomain: &str) -> Option<u64> {
        let subdomain = subdomain.to_lowercase();
        self.0.iter().find(|known| known.subdomain == subdomain).map(|known| known.id)
    }
}

/// The account of one lead: `account[id]`, else the lead's own `account_id`, else the known one with that subdomain,
/// else, in a body that names none, the only one there is.
pub fn of_lead(root: &Node, lead: &Node, known: &KnownAccounts) -> Result<u64, String> {
    let account = root.get("account");
    let of_body = account.and_then(|account| account.text("id")).or_else(|| root.text("account_id"));
    if let Some(text) = of_body.or_else(|| lead.text("account_id")) {
        return scalar::id(text)
            .ok_or_else(|| format!("account id \"{}\" is not an id", scalar::shortened(text)));
    }
    let subdomain = account.and_then(|account| account.text("subdomain")).or_else(|| root.text("subdomain"));
    match subdomain {
        Some(subdomain) => known.with_subdomain(subdomain).ok_or_else(|| {
            format!("no known account has the subdomain \"{}\"", scalar::shortened(subdomain))
        }),
        None => known.only().ok_or_else(|| "the body names no account".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::neighbours::amocrm::body::parse;

    fn account(form: &str) -> Result<u64, String> {
        let body = parse(form.as_bytes()).root;
        let lead = body.get("lead").cloned().unwrap_or_default();
        of_lead(&body, &lead, &KnownAccounts::parse("29600001:example").unwrap())
    }

    #[test]
    fn the_most_direct_name_of_the_account_decides() {
        assert_eq!(account("account[id]=5&lead[account_id]=6&account[subdomain]=example"), Ok(5));
        assert_eq!(account("lead[account_id]=6&account[subdomain]=example"), Ok(6));
        assert_eq!(account("account[subdomain]=Example"), Ok(29_600_001));
        assert_eq!(account("lead[id]=1"), Ok(29_600_001));
        assert!(account("account[subdomain]=stranger").is_err());
        assert!(account("account[id]=123456789012345678901234567890").is_err());
    }

    #[test]
    fn an_address_is_that_of_its_subdomain_or_of_the_only_account() {
        let two = KnownAccounts::parse("1:example,2:school").unwrap();
        for (base, expected) in [
            ("https://school.amocrm.ru", Some(2)),
            ("https://Example.kommo.com/", Some(1)),
            ("http://127.0.0.1:8082/amocrm", None),
            ("", None),
        ] {
            assert_eq!(two.at(base), expected, "{base}");
        }
        assert_eq!(KnownAccounts::parse("2:school").unwrap().at("http://127.0.0.1:8082/amocrm"), Some(2));
    }

    #[test]
    fn only_well_formed_accounts_are_known() {
        assert_eq!(KnownAccounts::parse(""), Some(KnownAccounts::default()));
        assert_eq!(KnownAccounts::parse("x:y"), None);
        assert_eq!(KnownAccounts::parse("1"), None);
    }
}
