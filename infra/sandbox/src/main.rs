//! The sandbox: the servers around the functions on a developer's machine.
//!
//! It stands in for what MiniStack does not give us: one fixed public address (the front door), a look at, and a hand
//! on, every AWS call that a function makes (the gate), and the neighbours that the functions call. README.md
//! describes its control API.
//!
//! Nothing here is deployed, and nothing here decides anything for the functions.

mod amocrm;
mod args;
mod clock;
mod control;
mod cors;
mod dice;
mod faults;
mod forward;
mod front;
mod gate;
mod graph;
mod journal;
mod mobizon;
mod nbk;
mod openai;
mod serve;
mod supabase;
mod telegram;
mod zone;

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use crate::args::Args;
use crate::forward::Upstream;

/// What the three servers share.
struct Sandbox {
    upstream: Upstream,
    front: front::Door,
    gate: gate::Gate,
    graph: Arc<graph::Graph>,
    nbk: Arc<nbk::Nbk>,
    telegram: Arc<telegram::Telegram>,
    mobizon: Arc<mobizon::Mobizon>,
    openai: Arc<openai::OpenAi>,
    amocrm: Arc<amocrm::Amocrm>,
    supabase: Arc<supabase::Supabase>,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).with_ansi(false).init();
    let args = Args::parse(std::env::args().skip(1))?;
    let sandbox = Arc::new(Sandbox {
        upstream: Upstream::new(args.ministack),
        front: front::Door::default(),
        gate: gate::Gate::new(&args.stack),
        graph: Arc::new(graph::Graph::new(clock::system())?),
        nbk: Arc::new(nbk::Nbk::new(clock::system())),
        telegram: Arc::new(telegram::Telegram::new(clock::system())?),
        mobizon: Arc::new(mobizon::Mobizon::new(clock::system())?),
        openai: Arc::new(openai::OpenAi::new(clock::system())?),
        amocrm: Arc::new(amocrm::Amocrm::new(clock::system(), args.amocrm_state)?),
        supabase: Arc::new(supabase::Supabase::new(clock::system())?),
    });

    let front = bind(Ipv4Addr::LOCALHOST, args.front).await?;
    let gate = bind(Ipv4Addr::LOCALHOST, args.gate).await?;
    let control = bind(Ipv4Addr::LOCALHOST, args.control).await?;
    // "localhost" may mean ::1; a machine without IPv6 is served by the first address alone.
    if let Ok(listener) = TcpListener::bind((Ipv6Addr::LOCALHOST, args.front)).await {
        tokio::spawn(front::serve(listener, Arc::clone(&sandbox)));
    }
    tokio::spawn(front::serve(front, Arc::clone(&sandbox)));
    tokio::spawn(gate::serve(gate, Arc::clone(&sandbox)));
    let amocrm = Arc::clone(&sandbox.amocrm);
    tokio::spawn(amocrm::keep(Arc::clone(&amocrm)));
    tracing::info!(front = args.front, gate = args.gate, control = args.control, "sandbox is up");

    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        never = serve::route(control, control::router(sandbox)) => match never {},
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
    amocrm::write_down(&amocrm).await?;
    Ok(())
}

async fn bind(address: Ipv4Addr, port: u16) -> Result<TcpListener, String> {
    let address = SocketAddr::from((address, port));
    TcpListener::bind(address).await.map_err(|error| format!("cannot listen on {address}: {error}"))
}
