//! A stage is one program under test, with a Lambda Runtime API and an AWS of its own.

mod process;
mod runtime_api;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{body::Bytes, serve::ListenerExt};
use tokio::{
    net::TcpListener,
    sync::mpsc,
    task::JoinHandle,
    time::{error::Elapsed, timeout},
};

use self::{process::Running, runtime_api::RuntimeApi};
use crate::{
    aws::Aws,
    clock,
    error::{BenchError, Doing, Result},
    proc::{self, Memory},
    programs::Program,
};

/// How long past its timeout a program may be silent before the bench gives up.
const PATIENCE: Duration = Duration::from_secs(20);

/// What the Runtime API sees, in the order in which it happens.
#[derive(Debug)]
pub enum Signal {
    /// The program asked for the next event.
    Waiting(Instant),
    /// An event was handed to it.
    Handed(Instant),
    /// It answered.
    Answered(Instant, Bytes),
    /// It reported an error, at start or for an event.
    Failed(Bytes),
}

/// An event's answer and how long the program took for it.
#[derive(Debug)]
pub struct Answer {
    /// From the event handed over to the answer received.
    pub took: Duration,
    /// What was answered: an API Gateway response.
    pub body: Bytes,
}

/// A running program, idle between calls of [`Stage::invoke`].
pub struct Stage {
    /// What the program sees as AWS.
    pub aws: Arc<Aws>,
    /// From the process's start to its first request for an event.
    pub init: Duration,
    running: Running,
    events: mpsc::UnboundedSender<Bytes>,
    signals: mpsc::UnboundedReceiver<Signal>,
    server: JoinHandle<()>,
    patience: Duration,
}

impl Stage {
    /// Starts the program with an empty AWS and waits until it asks for its first event.
    pub async fn start(program: &Program) -> Result<Self> {
        Self::start_with(program, Arc::default()).await
    }

    /// The same with an AWS that another program may have filled.
    pub async fn start_with(program: &Program, aws: Arc<Aws>) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await.doing("listen on 127.0.0.1")?;
        let address = listener.local_addr().doing("read the address")?.to_string();
        let (events, events_out) = mpsc::unbounded_channel();
        let (signals_in, signals) = mpsc::unbounded_channel();
        let api = RuntimeApi::new(events_out, signals_in, program.timeout);
        let routes = runtime_api::routes(api).merge(aws.clone().routes());
        // Without this, Nagle's algorithm could add 40 ms to an answer.
        let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
        let server = tokio::spawn(async move {
            // Ends only with the task: axum retries what goes wrong when accepting.
            drop(axum::serve(listener, routes).await);
        });
        let started = clock::now();
        let running = Running::start(program, &address)?;
        let patience = program.timeout + PATIENCE;
        let mut stage = Self { aws, init: Duration::ZERO, running, events, signals, server, patience };
        stage.init = stage.until_waiting().await?.duration_since(started);
        Ok(stage)
    }

    /// Hands one event to the program and waits until it has answered and asks for the next one.
    pub async fn invoke(&mut self, event: Bytes) -> Result<Answer> {
        drop(self.events.send(event));
        let handed = match self.signal().await? {
            Signal::Handed(at) => at,
            other => return Err(self.unexpected(&other)),
        };
        let (answered, body) = match self.signal().await? {
            Signal::Answered(at, body) => (at, body),
            other => return Err(self.unexpected(&other)),
        };
        self.until_waiting().await?;
        Ok(Answer { took: answered.duration_since(handed), body })
    }

    /// Processor time used so far.
    pub fn cpu_time(&self) -> Result<Duration> {
        proc::cpu_time(self.running.pid())
    }

    /// Memory used so far.
    pub fn memory(&self) -> Result<Memory> {
        proc::memory(self.running.pid())
    }

    /// Ends the program and frees its port.
    pub async fn stop(mut self) -> Result<()> {
        self.running.stop().await?;
        self.server.abort();
        Ok(())
    }

    async fn until_waiting(&mut self) -> Result<Instant> {
        match self.signal().await? {
            Signal::Waiting(at) => Ok(at),
            other => Err(self.unexpected(&other)),
        }
    }

    async fn signal(&mut self) -> Result<Signal> {
        let next = async {
            tokio::select! {
                biased;
                signal = self.signals.recv() => signal.ok_or_else(|| "lost its Runtime API".to_owned()),
                ended = self.running.ended() => Err(format!("ended: {ended}")),
            }
        };
        timeout(self.patience, next)
            .await
            .unwrap_or_else(|_: Elapsed| Err(format!("was silent for {:?}", self.patience)))
            .map_err(|what| self.running.blame(what))
    }

    fn unexpected(&self, signal: &Signal) -> BenchError {
        self.running.blame(match signal {
            Signal::Failed(report) => format!("failed: {}", String::from_utf8_lossy(report)),
            other => format!("broke the order of the Runtime API: {other:?}"),
        })
    }
}
