//! A limit for each check: one that fails or hangs is an entry that says so, and keeps no other from being answered.

use std::time::Duration;

use crate::domain::diagnostics::{Check, Diagnostic, Unchecked};
use crate::store::StoreError;

/// So long a check may take that our own store alone is read for.
pub const LIMIT: Duration = Duration::from_secs(3);

/// So long one may take that a neighbour is asked for. Whoever waits for the answer has it within ten seconds.
pub const LIVE: Duration = Duration::from_secs(8);

/// What a check says, or that it came to nothing.
pub async fn within(
    limit: Duration,
    name: Check,
    check: impl Future<Output = Result<Diagnostic, Unchecked>>,
) -> Diagnostic {
    let checked = tokio::time::timeout(limit, check).await.unwrap_or(Err(Unchecked::TooSlow));
    checked.unwrap_or_else(|why| Diagnostic::unchecked(name, why))
}

/// What the store refused is told in the log alone.
pub fn unread(error: StoreError) -> Unchecked {
    tracing::error!(error = %error, "a check could not read the store");
    Unchecked::Store
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use crate::domain::diagnostics::sales;

    use super::*;

    #[tokio::test]
    async fn a_check_that_hangs_or_fails_is_an_entry_of_its_own_name() {
        let unchecked = |why| Diagnostic::unchecked(Check::AllSales, why);
        assert_eq!(within(Duration::ZERO, Check::AllSales, pending()).await, unchecked(Unchecked::TooSlow));
        let failed = ready(Err(Unchecked::Store));
        assert_eq!(within(LIMIT, Check::AllSales, failed).await, unchecked(Unchecked::Store));
        let told = sales::check(Check::AllSales, std::iter::empty());
        assert_eq!(within(LIMIT, Check::AllSales, ready(Ok(told.clone()))).await, told);
    }
}
