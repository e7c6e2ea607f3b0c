//! The world on disk, found again by the next sandbox.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::*;
use crate::amocrm::write_down;

/// A folder of one test, gone with it.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("sandbox-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self) -> PathBuf {
        self.0.join("world.json")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

/// A sandbox that keeps its world in this file.
fn start(file: &Path) -> (Account, Arc<Amocrm>) {
    let now: DateTime<Utc> = NOW.parse().unwrap();
    let amocrm = Arc::new(Amocrm::new(Arc::new(move || now), Some(file.to_owned())).unwrap());
    let router = router(Arc::clone(&amocrm));
    (Account { router, millisecond: Arc::new(AtomicI64::new(0)) }, amocrm)
}

/// All that a caller can see of the account.
async fn seen(account: &Account) -> Vec<Value> {
    let mut seen = vec![account.control("GET", "world", Value::Null).await.body];
    for path in ["leads?with=only_deleted", "events?limit=100", "webhooks", "leads/30200003/notes"] {
        seen.push(account.get(path).await.body);
    }
    seen
}

#[tokio::test]
async fn everything_is_there_again_after_a_restart() {
    let folder = Folder::new("restart");
    let (account, amocrm) = start(&folder.file());
    let hooks = json!({"url": "http://127.0.0.1:1/hook?key=k", "settings": [], "lose": 10});
    account.put("settings", json!({"per_second": 1000, "hooks": &hooks})).await;
    account.call("POST", "leads/complex", json!([complex("one", "+77770000001")])).await;
    let tagged = json!({"tags_to_add": [{"name": "курс"}], "price": 5});
    account.call("PATCH", "leads/30200003", tagged).await;
    let note = json!([{"note_type": "common", "params": {"text": "x"}}]);
    account.call("POST", "leads/30200003/notes", note).await;
    account.control("PATCH", "leads/30200004", json!({"status_id": 142})).await;
    account.control("DELETE", "leads/30200005", Value::Null).await;
    let before = seen(&account).await;
    assert!(write_down(&amocrm).await.unwrap());
    assert!(!write_down(&amocrm).await.unwrap(), "nothing has changed since");
    account.get("leads").await;
    assert!(!write_down(&amocrm).await.unwrap(), "nor does a read change anything");

    let (again, amocrm) = start(&folder.file());
    assert!(!write_down(&amocrm).await.unwrap());
    let settings = again.control("GET", "settings", Value::Null).await.body;
    assert_eq!((&settings["hooks"]["url"], &settings["hooks"]["lose"]), (&hooks["url"], &hooks["lose"]));
    again.put("settings", json!({"per_second": 1000, "hooks": settings["hooks"]})).await;
    assert!(seen(&again).await == before);
    let mut made = Vec::new();
    for account in [&account, &again] {
        assert_eq!(account.control("POST", "leads/30200005/restore", Value::Null).await.status, 204);
        let tagged = json!({"tags_to_add": [{"name": "курс"}]});
        account.call("PATCH", "leads/30200004", tagged).await;
        made.push(account.call("POST", "leads", json!([{"name": "next"}])).await.ids("leads"));
    }
    assert_eq!(made[0], made[1], "ids go on where they were");
    assert!(seen(&again).await == seen(&account).await);
}

#[tokio::test]
async fn the_default_world_is_kept_too() {
    let folder = Folder::new("default");
    let (account, amocrm) = start(&folder.file());
    account.control("PATCH", "leads/30200003", json!({"price": 5})).await;
    write_down(&amocrm).await.unwrap();
    account.control("DELETE", "world", Value::Null).await;
    write_down(&amocrm).await.unwrap();
    let (again, _) = start(&folder.file());
    assert_eq!(again.get("leads/30200003").await.body["price"], 0);
}

#[tokio::test]
async fn only_the_owner_reads_the_file_and_no_half_of_it_is_left() {
    let folder = Folder::new("mode");
    let (account, amocrm) = start(&folder.file());
    let draft = folder.0.join("world.json.new");
    fs::write(&draft, "half of a wor").unwrap();
    fs::set_permissions(&draft, fs::Permissions::from_mode(0o644)).unwrap();
    account.control("PATCH", "leads/30200003", json!({"price": 5})).await;
    write_down(&amocrm).await.unwrap();
    let mode = fs::metadata(folder.file()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert!(!draft.exists());
    let text = fs::read_to_string(folder.file()).unwrap();
    assert!(!text.contains(TOKEN), "tokens are not kept");
}

#[tokio::test]
async fn what_cannot_be_read_is_said_and_not_written_over() {
    let folder = Folder::new("broken");
    let open = || Amocrm::new(crate::clock::system(), Some(folder.file())).map(drop).unwrap_err().to_string();
    fs::write(folder.file(), "{\"format\": 1").unwrap();
    assert!(open().contains("world.json cannot be read: "), "{}", open());
    let (account, amocrm) = start(&folder.0.join("other.json"));
    account.control("PATCH", "leads/30200003", json!({"price": 5})).await;
    write_down(&amocrm).await.unwrap();
    let text = fs::read_to_string(folder.0.join("other.json")).unwrap();
    fs::write(folder.file(), text.replacen("\"format\":1", "\"format\":2", 1)).unwrap();
    assert!(open().contains("its format is 2 and not 1"), "{}", open());
}

#[tokio::test]
async fn without_a_file_nothing_is_kept() {
    let account = Account::new();
    account.control("PATCH", "leads/30200003", json!({"price": 5})).await;
    let amocrm = Amocrm::new(crate::clock::system(), None).unwrap();
    assert!(!write_down(&amocrm).await.unwrap());
    crate::amocrm::keep(Arc::new(amocrm)).await;
}
