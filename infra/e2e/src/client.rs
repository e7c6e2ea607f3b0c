//! The HTTP client of the tests. Everything they call is on this machine.

use reqwest::{Client, ClientBuilder};

/// A client to configure. The functions' own client leaves the choice of the TLS provider to the program, and a program
/// that is built together with them has to choose too.
pub fn builder() -> ClientBuilder {
    // An error means that another test has chosen already.
    drop(rustls::crypto::ring::default_provider().install_default());
    Client::builder().no_proxy()
}

/// A client as most tests need it.
pub fn plain() -> Client {
    builder().build().unwrap()
}
