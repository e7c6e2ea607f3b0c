//! Prints what the functions of a stack did while it was tested; see `e2e::record`.

use e2e::record::Record;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    println!("{}", Record::of_stack().await.to_json());
}
