<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>ingather::app::Options</name>
    <message>
        <source>There is no translation for “%1”.</source>
        <translation>Für „%1“ gibt es keine Übersetzung.</translation>
    </message>
    <message>
        <source>The settings cannot be used.</source>
        <translation>Die Einstellungen können nicht verwendet werden.</translation>
    </message>
    <message>
        <source>Handed over to the Ingather that is running.</source>
        <translation>An das laufende Ingather übergeben.</translation>
    </message>
    <message>
        <source>The ledger %1 cannot be used.</source>
        <translation>Das Journal %1 kann nicht verwendet werden.</translation>
    </message>
    <message>
        <source>A download manager that ends up with all of your documents.</source>
        <translation>Ein Download-Manager, mit dem Sie am Ende alle Ihre Dokumente haben.</translation>
    </message>
    <message>
        <source>Print this text.</source>
        <translation>Diesen Text ausgeben.</translation>
    </message>
    <message>
        <source>Print the version.</source>
        <translation>Die Version ausgeben.</translation>
    </message>
    <message>
        <source>Use this ledger.</source>
        <translation>Dieses Journal verwenden.</translation>
    </message>
    <message>
        <source>FILE</source>
        <translation>DATEI</translation>
    </message>
    <message>
        <source>Trust this authority as well.</source>
        <translation>Auch dieser Zertifizierungsstelle vertrauen.</translation>
    </message>
    <message>
        <source>Speak this language, such as “de”.</source>
        <translation>Diese Sprache sprechen, zum Beispiel „de“.</translation>
    </message>
    <message>
        <source>CODE</source>
        <translation>KÜRZEL</translation>
    </message>
    <message>
        <source>Web addresses to add.</source>
        <translation>Webadressen, die hinzugefügt werden.</translation>
    </message>
    <message>
        <source>--%1 needs a value.</source>
        <translation>--%1 braucht einen Wert.</translation>
    </message>
    <message>
        <source>The ledger can only be looked at. %1</source>
        <translation>Das Journal kann nur angesehen werden. %1</translation>
    </message>
</context>
<context>
    <name>ingather::cli::Board</name>
    <message>
        <source>again in %1: %2</source>
        <translation>noch einmal in %1: %2</translation>
    </message>
</context>
<context>
    <name>ingather::cli::CareText</name>
    <message>
        <source>not known</source>
        <translation>nicht bekannt</translation>
    </message>
    <message>
        <source>such as %1</source>
        <translation>zum Beispiel %1</translation>
    </message>
    <message>
        <source>%1: %2 (version %3, jobs: %4, looked for %5)</source>
        <translation>%1: %2 (Version %3, Aufträge: %4, geprüft in %5)</translation>
    </message>
    <message>
        <source>%1: readable %2, kept %3</source>
        <translation>%1: lesbar %2, behalten %3</translation>
    </message>
    <message>
        <source>, of those altered %1</source>
        <translation>, davon verändert %1</translation>
    </message>
    <message>
        <source>, made again %1</source>
        <translation>, neu angelegt %1</translation>
    </message>
    <message>
        <source>, put aside %1</source>
        <translation>, aufgehoben %1</translation>
    </message>
    <message>
        <source>, lost %1</source>
        <translation>, verloren %1</translation>
    </message>
    <message>
        <source>would do: %1</source>
        <translation>würde tun: %1</translation>
    </message>
    <message>
        <source>room needed: %1, available: %2</source>
        <translation>benötigter Platz: %1, verfügbar: %2</translation>
    </message>
    <message>
        <source>has to end first: %1</source>
        <translation>muss zuerst beendet werden: %1</translation>
    </message>
    <message>
        <source>repaired: %1 (%2)</source>
        <translation>repariert: %1 (%2)</translation>
    </message>
    <message>
        <source>done: %1</source>
        <comment>step of a repair</comment>
        <translation>getan: %1</translation>
    </message>
    <message>
        <source>put aside: %1</source>
        <translation>aufgehoben: %1</translation>
    </message>
    <message>
        <source>the ledger as it was lies in %1</source>
        <translation>das Journal, wie es war, liegt in %1</translation>
    </message>
    <message>
        <source>has the old ledger open, end it: %1</source>
        <translation>hat noch das alte Journal geöffnet, bitte beenden: %1</translation>
    </message>
    <message>
        <source>what remains:</source>
        <translation>was bleibt:</translation>
    </message>
    <message>
        <source>backed up: %1 (%2, jobs: %3)</source>
        <translation>gesichert: %1 (%2, Aufträge: %3)</translation>
    </message>
    <message>
        <source>restored: %1 (jobs: %2, before: %3)</source>
        <translation>wiederhergestellt: %1 (Aufträge: %2, vorher: %3)</translation>
    </message>
    <message>
        <source>jobs that the backup does not have: %1</source>
        <translation>Aufträge, die in der Sicherung fehlen: %1</translation>
    </message>
    <message>
        <source>jobs that have changed since the backup: %1</source>
        <translation>Aufträge, die sich seit der Sicherung geändert haben: %1</translation>
    </message>
    <message>
        <source>%1 has version %2 already</source>
        <translation>%1 hat schon Version %2</translation>
    </message>
    <message>
        <source>migrated: %1, version %2 → %3</source>
        <translation>umgestellt: %1, Version %2 → %3</translation>
    </message>
    <message>
        <source>the ledger as it was: %1</source>
        <translation>das Journal, wie es war: %1</translation>
    </message>
</context>
<context>
    <name>ingather::cli::CommandGrammar</name>
    <message>
        <source>Fetches documents and keeps a ledger of every one of them.</source>
        <translation>Lädt Dokumente und führt über jedes von ihnen Buch.</translation>
    </message>
    <message>
        <source>print the version</source>
        <translation>die Version ausgeben</translation>
    </message>
    <message>
        <source>print this help</source>
        <translation>diese Hilfe ausgeben</translation>
    </message>
    <message>
        <source>the ledger (default: $INGATHER_LEDGER, else $XDG_DATA_HOME/ingather/ledger.sqlite3)</source>
        <translation>das Journal (sonst: $INGATHER_LEDGER, sonst $XDG_DATA_HOME/ingather/ledger.sqlite3)</translation>
    </message>
    <message>
        <source>print results as JSON: one object, or one a line</source>
        <translation>Ergebnisse als JSON ausgeben: ein Objekt oder eines je Zeile</translation>
    </message>
    <message>
        <source>print failures only, no progress</source>
        <translation>nur Fehlschläge ausgeben, keinen Fortschritt</translation>
    </message>
    <message>
        <source>log what is done, too</source>
        <translation>auch protokollieren, was geschieht</translation>
    </message>
    <message>
        <source>trust this authority (PEM) as well</source>
        <translation>auch dieser Zertifizierungsstelle (PEM) vertrauen</translation>
    </message>
    <message>
        <source>form of the log: text or json</source>
        <translation>Form des Protokolls: text oder json</translation>
    </message>
    <message>
        <source>write the log here instead of to stderr</source>
        <translation>das Protokoll hierhin schreiben statt auf die Fehlerausgabe</translation>
    </message>
    <message>
        <source>failures after which a job is given up; 5 if not set</source>
        <translation>Fehlschläge, nach denen ein Auftrag aufgegeben wird; ohne Angabe 5</translation>
    </message>
    <message>
        <source>http and https URLs</source>
        <translation>http- und https-Adressen</translation>
    </message>
    <message>
        <source>file name, for a single URL</source>
        <translation>Dateiname, bei einer einzelnen Adresse</translation>
    </message>
    <message>
        <source>what the file must hash to, for a single URL</source>
        <translation>der SHA-256, den die Datei haben muss, bei einer einzelnen Adresse</translation>
    </message>
    <message>
        <source>connections at a time; 4 if not set</source>
        <translation>gleichzeitige Verbindungen; ohne Angabe 4</translation>
    </message>
    <message>
        <source>fetch, verify and file these URLs; returns when all have ended</source>
        <translation>diese Adressen laden, prüfen und ablegen; endet, wenn alle beendet sind</translation>
    </message>
    <message>
        <source>where the files go (default: the current folder)</source>
        <translation>wohin die Dateien kommen (sonst: der aktuelle Ordner)</translation>
    </message>
    <message>
        <source>connections for one large file</source>
        <translation>Verbindungen für eine große Datei</translation>
    </message>
    <message>
        <source>plan only; prints the job ids, the same ones when asked again</source>
        <translation>nur vormerken; gibt die Auftragsnummern aus, auf erneute Anfrage dieselben</translation>
    </message>
    <message>
        <source>where the files go (default: where the worker puts them)</source>
        <translation>wohin die Dateien kommen (sonst: wo der Arbeiter sie ablegt)</translation>
    </message>
    <message>
        <source>your own id of the work</source>
        <translation>eigene Kennung des Werks</translation>
    </message>
    <message>
        <source>your own id of the file within the work</source>
        <translation>eigene Kennung der Datei innerhalb des Werks</translation>
    </message>
    <message>
        <source>higher is fetched earlier; 0 if not set</source>
        <translation>höhere werden früher geladen; ohne Angabe 0</translation>
    </message>
    <message>
        <source>plan a list: a URL a line</source>
        <translation>eine Liste vormerken: eine Adresse je Zeile</translation>
    </message>
    <message>
        <source>the list; - reads standard input</source>
        <translation>die Liste; - liest die Standardeingabe</translation>
    </message>
    <message>
        <source>auto or text</source>
        <translation>auto oder text</translation>
    </message>
    <message>
        <source>be a worker: fetch what is planned in the ledger</source>
        <translation>Arbeiter sein: laden, was im Journal vorgemerkt ist</translation>
    </message>
    <message>
        <source>for jobs that came without a folder</source>
        <translation>für Aufträge, die keinen Ordner nennen</translation>
    </message>
    <message>
        <source>0: one for each core, at most 4</source>
        <translation>0: einer je Prozessorkern, höchstens 4</translation>
    </message>
    <message>
        <source>downloads at a time; 16 if not set</source>
        <translation>gleichzeitige Downloads; ohne Angabe 16</translation>
    </message>
    <message>
        <source>seconds that a lease lasts; 30 if not set</source>
        <translation>Leihfrist in Sekunden; ohne Angabe 30</translation>
    </message>
    <message>
        <source>end when every job is done, failed for good or held</source>
        <translation>enden, wenn jeder Auftrag fertig, endgültig fehlgeschlagen, angehalten oder abgebrochen ist</translation>
    </message>
    <message>
        <source>the jobs, oldest first</source>
        <translation>die Aufträge, älteste zuerst</translation>
    </message>
    <message>
        <source>only jobs in this state; may be repeated</source>
        <translation>nur Aufträge in diesem Zustand; mehrfach möglich</translation>
    </message>
    <message>
        <source>at most so many</source>
        <translation>höchstens so viele</translation>
    </message>
    <message>
        <source>go on behind this job</source>
        <translation>hinter diesem Auftrag weitermachen</translation>
    </message>
    <message>
        <source>everything that is known of a job</source>
        <translation>alles, was über einen Auftrag bekannt ist</translation>
    </message>
    <message>
        <source>the operations of a job, oldest first</source>
        <translation>die Vorgänge eines Auftrags, älteste zuerst</translation>
    </message>
    <message>
        <source>a job id, or enough of its beginning</source>
        <translation>eine Auftragsnummer oder genug von ihrem Anfang</translation>
    </message>
    <message>
        <source>every event, instead of the last try of each operation</source>
        <translation>jedes Ereignis statt des letzten Versuchs jedes Vorgangs</translation>
    </message>
    <message>
        <source>how many jobs are in which state</source>
        <translation>wie viele Aufträge in welchem Zustand sind</translation>
    </message>
    <message>
        <source>stop fetching these jobs; parts are kept</source>
        <translation>diese Aufträge anhalten; Empfangenes bleibt erhalten</translation>
    </message>
    <message>
        <source>go on with paused jobs</source>
        <translation>angehaltene Aufträge fortsetzen</translation>
    </message>
    <message>
        <source>give these jobs up; parts are deleted</source>
        <translation>diese Aufträge abbrechen; Empfangenes wird gelöscht</translation>
    </message>
    <message>
        <source>try failed, cancelled or missing ones again</source>
        <translation>fehlgeschlagene, abgebrochene oder fehlende noch einmal versuchen</translation>
    </message>
    <message>
        <source>job ids, or enough of their beginnings</source>
        <translation>Auftragsnummern oder genug von ihren Anfängen</translation>
    </message>
    <message>
        <source>every job</source>
        <translation>jeden Auftrag</translation>
    </message>
    <message>
        <source>every job that failed</source>
        <translation>jeden fehlgeschlagenen Auftrag</translation>
    </message>
    <message>
        <source>look whether the ledger is in order; changes nothing</source>
        <translation>nachsehen, ob das Journal in Ordnung ist; ändert nichts</translation>
    </message>
    <message>
        <source>every page and row, and the files of finished jobs</source>
        <translation>jede Seite und jede Zeile, dazu die Dateien erledigter Aufträge</translation>
    </message>
    <message>
        <source>read those files, too, and compare their SHA-256</source>
        <translation>diese Dateien auch lesen und ihre SHA-256 vergleichen</translation>
    </message>
    <message>
        <source>&apos;ingather-cli COMMAND --help&apos; explains a command.
Exit codes: 0 all well; 1 a job failed or is held, a line was rejected, or the
ledger is degraded; 2 wrong usage; 3 the ledger can&apos;t be used or is broken;
130 interrupted.</source>
        <translation>„ingather-cli COMMAND --help“ erklärt einen Befehl.
Rückgabewerte: 0 alles in Ordnung; 1 ein Auftrag ist fehlgeschlagen, angehalten oder
abgebrochen, eine Zeile wurde abgelehnt, oder das Journal ist beeinträchtigt;
2 falscher Aufruf; 3 das Journal ist nicht benutzbar oder beschädigt; 130 unterbrochen.</translation>
    </message>
    <message>
        <source>if the ledger needs a repair, repair it first</source>
        <translation>wenn das Journal eine Reparatur braucht, es vorher reparieren</translation>
    </message>
    <message>
        <source>mend the ledger; no row that can be read is lost</source>
        <translation>das Journal reparieren; keine lesbare Zeile geht verloren</translation>
    </message>
    <message>
        <source>only say what would be done, and why</source>
        <translation>nur sagen, was getan würde und warum</translation>
    </message>
    <message>
        <source>write a copy of the ledger, also while others work with it</source>
        <translation>eine Kopie des Journals schreiben, auch während andere damit arbeiten</translation>
    </message>
    <message>
        <source>the new file; compressed if it ends in .gz</source>
        <translation>die neue Datei; komprimiert, wenn sie auf .gz endet</translation>
    </message>
    <message>
        <source>put a backup in place of the ledger, which is set aside</source>
        <translation>eine Sicherung an die Stelle des Journals setzen; dieses wird aufgehoben</translation>
    </message>
    <message>
        <source>the backup</source>
        <translation>die Sicherung</translation>
    </message>
    <message>
        <source>bring the ledger to this version, after a backup</source>
        <translation>das Journal auf diese Version umstellen, nach einer Sicherung</translation>
    </message>
    <message>
        <source>only up to this version; there is no way back</source>
        <translation>nur bis zu dieser Version; einen Weg zurück gibt es nicht</translation>
    </message>
    <message>
        <source>fetch these jobs earlier or later</source>
        <translation>diese Aufträge früher oder später holen</translation>
    </message>
    <message>
        <source>higher is fetched earlier; 0 is usual</source>
        <translation>höher wird früher geholt; üblich ist 0</translation>
    </message>
    <message>
        <source>hide these jobs; their history stays</source>
        <translation>diese Aufträge ausblenden; ihr Verlauf bleibt</translation>
    </message>
    <message>
        <source>delete what they have filed, unless it was changed</source>
        <translation>löschen, was sie abgelegt haben, wenn es nicht verändert wurde</translation>
    </message>
    <message>
        <source>delete them with their history, for good</source>
        <translation>sie samt ihrem Verlauf endgültig löschen</translation>
    </message>
    <message>
        <source>show them again</source>
        <translation>sie wieder zeigen</translation>
    </message>
    <message>
        <source>look whether ledger and files fit each other, and settle what crashes left</source>
        <translation>nachsehen, ob Journal und Dateien zueinander passen, und ordnen, was Abstürze hinterlassen haben</translation>
    </message>
    <message>
        <source>bytes a second, all together; K, M, G are understood, 0 is no limit</source>
        <translation>Bytes je Sekunde, alle zusammen; K, M, G werden verstanden, 0 heißt ohne Grenze</translation>
    </message>
    <message>
        <source>bytes a second, for each of these files alone</source>
        <translation>Bytes je Sekunde, für jede dieser Dateien allein</translation>
    </message>
    <message>
        <source>what is remembered of hosts that asked for patience</source>
        <translation>was von Servern gemerkt ist, die um Geduld gebeten haben</translation>
    </message>
    <message>
        <source>only these</source>
        <translation>nur diese</translation>
    </message>
    <message>
        <source>forget it, and ask at full speed again</source>
        <translation>es vergessen und wieder in vollem Tempo fragen</translation>
    </message>
    <message>
        <source>every host</source>
        <translation>jeden Server</translation>
    </message>
    <message>
        <source>go through this proxy: http://HOST:PORT, socks5://HOST:PORT, or none</source>
        <translation>über diesen Proxy gehen: http://HOST:PORT, socks5://HOST:PORT oder none</translation>
    </message>
    <message>
        <source>logins by host, as curl reads them</source>
        <translation>Anmeldungen je Server, wie curl sie liest</translation>
    </message>
    <message>
        <source>send the cookies of this cookies.txt</source>
        <translation>die Cookies dieser cookies.txt mitsenden</translation>
    </message>
    <message>
        <source>look whether the files of finished jobs are what was filed</source>
        <translation>nachsehen, ob die Dateien fertiger Aufträge sind, was abgelegt wurde</translation>
    </message>
    <message>
        <source>read them, and compare their digests</source>
        <translation>sie lesen und ihre Prüfsummen vergleichen</translation>
    </message>
    <message>
        <source>keep what was refused and lies in quarantine, as it is</source>
        <translation>behalten, was abgelehnt wurde und in der Quarantäne liegt, so wie es ist</translation>
    </message>
    <message>
        <source>&quot;Name: value&quot;, sent to the hosts of these URLs alone; may be repeated</source>
        <translation>„Name: Wert“, nur an die Hosts dieser URLs gesendet; mehrfach möglich</translation>
    </message>
    <message>
        <source>keep a login for a host in this system&apos;s keyring; the password is asked for, or the first line of standard input</source>
        <translation>Zugangsdaten für einen Host im Schlüsselbund des Systems ablegen; nach dem Passwort wird gefragt, sonst ist es die erste Zeile der Standardeingabe</translation>
    </message>
    <message>
        <source>the user name; asked for if it is not given</source>
        <translation>der Benutzername; ohne ihn wird danach gefragt</translation>
    </message>
    <message>
        <source>take the login for a host out of the keyring</source>
        <translation>die Zugangsdaten für einen Host aus dem Schlüsselbund nehmen</translation>
    </message>
    <message>
        <source>HOST or HOST:PORT, of https; http://HOST if it is to be sent over http</source>
        <translation>HOST oder HOST:PORT, für https; http://HOST, wenn sie über http gesendet werden sollen</translation>
    </message>
    <message>
        <source>for which hosts the keyring has a login</source>
        <translation>für welche Hosts der Schlüsselbund Zugangsdaten hat</translation>
    </message>
    <message>
        <source>ask again for what is held; a newer version is filed beside it</source>
        <translation>nach Vorhandenem noch einmal fragen; eine neuere Fassung kommt daneben</translation>
    </message>
</context>
<context>
    <name>ingather::cli::CommandLine</name>
    <message>
        <source>-o names one file, but %1 URLs were given</source>
        <translation>-o benennt eine Datei, angegeben sind aber %1 Adressen</translation>
    </message>
    <message>
        <source>--sha256 fits one file, but %1 URLs were given</source>
        <translation>--sha256 passt auf eine Datei, angegeben sind aber %1 Adressen</translation>
    </message>
    <message>
        <source>--work-id with --artifact-id names one file, but %1 URLs were given</source>
        <translation>--work-id mit --artifact-id benennt eine Datei, angegeben sind aber %1 Adressen</translation>
    </message>
    <message>
        <source>--sha256 takes 64 hexadecimal digits, not &quot;%1&quot;</source>
        <translation>--sha256 verlangt 64 hexadezimale Ziffern, nicht „%1“</translation>
    </message>
    <message>
        <source>-o takes a file name without folders, not &quot;%1&quot;; -d names the folder</source>
        <translation>-o verlangt einen Dateinamen ohne Ordner, nicht „%1“; -d nennt den Ordner</translation>
    </message>
    <message>
        <source>--work-id is empty</source>
        <translation>--work-id ist leer</translation>
    </message>
    <message>
        <source>--artifact-id is empty</source>
        <translation>--artifact-id ist leer</translation>
    </message>
    <message>
        <source>-d names no folder</source>
        <translation>-d nennt keinen Ordner</translation>
    </message>
    <message>
        <source>--ledger names no file</source>
        <translation>--ledger nennt keine Datei</translation>
    </message>
    <message>
        <source>--log-file names no file</source>
        <translation>--log-file nennt keine Datei</translation>
    </message>
    <message>
        <source>there is no state &quot;%1&quot;; there are %2</source>
        <translation>einen Zustand „%1“ gibt es nicht; es gibt %2</translation>
    </message>
    <message>
        <source>%1 what? Name jobs, or use --all or --failed</source>
        <translation>%1 für welche Aufträge? Nennen Sie welche, oder verwenden Sie --all oder --failed</translation>
    </message>
    <message>
        <source>name jobs, or use --all, or --failed: only one of them</source>
        <translation>Aufträge nennen oder --all oder --failed: nur eines davon</translation>
    </message>
    <message>
        <source>%1 (see ingather-cli %2--help)</source>
        <translation>%1 (siehe ingather-cli %2--help)</translation>
    </message>
    <message>
        <source>there is no command &quot;%1&quot;</source>
        <translation>einen Befehl „%1“ gibt es nicht</translation>
    </message>
    <message>
        <source>which command?</source>
        <translation>welcher Befehl?</translation>
    </message>
    <message>
        <source>%1 names no file</source>
        <translation>%1 nennt keine Datei</translation>
    </message>
    <message>
        <source>--limit-rate takes bytes a second, such as 800K, 2M or 0, not &quot;%1&quot;</source>
        <translation>--limit-rate nimmt Bytes je Sekunde, etwa 800K, 2M oder 0, nicht „%1“</translation>
    </message>
    <message>
        <source>--reset what? Name hosts, or use --all</source>
        <translation>--reset wovon? Server nennen oder --all angeben</translation>
    </message>
    <message>
        <source>-H takes &quot;Name: value&quot;</source>
        <translation>-H erwartet „Name: Wert“</translation>
    </message>
</context>
<context>
    <name>ingather::cli::Context</name>
    <message>
        <source>there is no ledger at %1 yet; get, add, import and run create it</source>
        <translation>unter %1 gibt es noch kein Journal; get, add, import und run legen es an</translation>
    </message>
    <message>
        <source>the ledger %1 is of an older version; get, add, import and run migrate it</source>
        <translation>das Journal %1 hat eine ältere Version; get, add, import und run stellen es um</translation>
    </message>
    <message>
        <source>the ledger %1 can&apos;t be used: %2</source>
        <translation>das Journal %1 ist nicht benutzbar: %2</translation>
    </message>
</context>
<context>
    <name>ingather::cli::Get</name>
    <message>
        <source>interrupted; what had arrived is kept. Go on with: %1</source>
        <translation>unterbrochen; was angekommen ist, bleibt erhalten. Weiter geht es mit: %1</translation>
    </message>
    <message>
        <source>interrupted</source>
        <translation>unterbrochen</translation>
    </message>
</context>
<context>
    <name>ingather::cli::Hosts</name>
    <message>
        <source>asked again from %1</source>
        <translation>wird wieder gefragt ab %1</translation>
    </message>
    <message numerus="yes">
        <source>has put us off %n time(s)</source>
        <translation>
            <numerusform>hat einmal vertröstet</numerusform>
            <numerusform>hat %n-mal vertröstet</numerusform>
        </translation>
    </message>
    <message>
        <source>does not continue files</source>
        <translation>setzt keine Dateien fort</translation>
    </message>
    <message numerus="yes">
        <source>forgot what was known of %n host(s)</source>
        <translation>
            <numerusform>vergessen, was von %n Server bekannt war</numerusform>
            <numerusform>vergessen, was von %n Servern bekannt war</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ingather::cli::Login</name>
    <message>
        <source>--user is needed where nobody can be asked</source>
        <translation>--user ist nötig, wo niemand gefragt werden kann</translation>
    </message>
    <message>
        <source>User name for %1: </source>
        <translation>Benutzername für %1: </translation>
    </message>
    <message>
        <source>no user name was given</source>
        <translation>es wurde kein Benutzername angegeben</translation>
    </message>
    <message>
        <source>Password of %1 for %2: </source>
        <translation>Passwort von %1 für %2: </translation>
    </message>
    <message>
        <source>no password was given</source>
        <translation>es wurde kein Passwort angegeben</translation>
    </message>
    <message>
        <source>The keyring has the login for %1 now.</source>
        <translation>Der Schlüsselbund hat die Zugangsdaten für %1 jetzt.</translation>
    </message>
    <message>
        <source>The keyring has no login for %1 any more.</source>
        <translation>Der Schlüsselbund hat für %1 keine Zugangsdaten mehr.</translation>
    </message>
    <message>
        <source>No login was kept for %1.</source>
        <translation>Für %1 waren keine Zugangsdaten abgelegt.</translation>
    </message>
</context>
<context>
    <name>ingather::cli::OrderText</name>
    <message>
        <source>fetching again: %1</source>
        <translation>wird noch einmal geladen: %1</translation>
    </message>
    <message>
        <source>trying again: %1; it had failed: %2</source>
        <translation>neuer Versuch: %1; war fehlgeschlagen: %2</translation>
    </message>
    <message>
        <source>being fetched already: %1</source>
        <translation>wird schon geladen: %1</translation>
    </message>
    <message>
        <source>planned already: %1</source>
        <translation>schon vorgemerkt: %1</translation>
    </message>
    <message>
        <source>&quot;%1&quot;: %2</source>
        <translation>„%1“: %2</translation>
    </message>
    <message>
        <source>named twice, one job: %1</source>
        <translation>zweimal genannt, ein Auftrag: %1</translation>
    </message>
    <message>
        <source>added: %1</source>
        <translation>hinzugefügt: %1</translation>
    </message>
    <message>
        <source>held already, will be filed from that copy: %1</source>
        <translation>schon vorhanden, wird von dort kopiert: %1</translation>
    </message>
    <message>
        <source>already here, but with another SHA-256 than the one given: %1</source>
        <translation>schon da, aber mit einer anderen SHA-256 als der angegebenen: %1</translation>
    </message>
    <message>
        <source>already here: %1, nothing fetched</source>
        <translation>schon da: %1, nichts geladen</translation>
    </message>
    <message>
        <source>fetched before, but the file is gone: %1; fetch it again with: ingather-cli retry %2</source>
        <translation>schon einmal geladen, aber die Datei fehlt: %1; noch einmal laden mit: ingather-cli retry %2</translation>
    </message>
    <message>
        <source>not fetched: %1</source>
        <translation>nicht geladen: %1</translation>
    </message>
    <message>
        <source>fetching again, because the file is gone: %1</source>
        <translation>wird noch einmal geladen, weil die Datei fehlt: %1</translation>
    </message>
    <message>
        <source>fetching again, because the file was changed: %1</source>
        <translation>wird noch einmal geladen, weil die Datei verändert wurde: %1</translation>
    </message>
    <message>
        <source>held already, asking whether it has changed: %1</source>
        <translation>schon vorhanden, wird auf Änderungen geprüft: %1</translation>
    </message>
</context>
<context>
    <name>ingather::cli::Plan</name>
    <message>
        <source>line %1: &quot;%2&quot;: %3</source>
        <translation>Zeile %1: „%2“: %3</translation>
    </message>
    <message>
        <source>added %1, known already %2, rejected %3</source>
        <translation>hinzugefügt %1, schon bekannt %2, abgelehnt %3</translation>
    </message>
</context>
<context>
    <name>ingather::cli::Progress</name>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>%1 of %2 ended</source>
        <translation>%1 von %2 beendet</translation>
    </message>
    <message>
        <source>%1 ended</source>
        <translation>%1 beendet</translation>
    </message>
    <message>
        <source>%1 not done</source>
        <translation>%1 nicht fertig</translation>
    </message>
    <message>
        <source>%1 more under way</source>
        <translation>%1 weitere in Arbeit</translation>
    </message>
    <message>
        <source>%1 left</source>
        <translation>noch %1</translation>
    </message>
</context>
<context>
    <name>ingather::cli::ReconcileText</name>
    <message>
        <source>leases freed, of owners that are gone or whose time was over</source>
        <translation>Aufträge freigegeben, deren Bearbeiter fort oder deren Leihfrist vorbei war</translation>
    </message>
    <message>
        <source>files found at their place and registered, whose jobs are done now</source>
        <translation>Dateien an ihrem Ort gefunden und eingetragen; ihre Aufträge sind fertig</translation>
    </message>
    <message>
        <source>files that never got to their place, whose jobs go on</source>
        <translation>Dateien, die nie an ihren Ort kamen; ihre Aufträge gehen weiter</translation>
    </message>
    <message>
        <source>operations given up that a crash had left open</source>
        <translation>Vorgänge aufgegeben, die ein Absturz offen ließ</translation>
    </message>
    <message>
        <source>deletions recorded that had happened</source>
        <translation>Löschungen vermerkt, die geschehen waren</translation>
    </message>
    <message>
        <source>unfinished files that are gone or too short, to be fetched from the start</source>
        <translation>unfertige Dateien fort oder zu kurz; sie werden von vorn geholt</translation>
    </message>
    <message>
        <source>unfinished files deleted that nobody needs any more</source>
        <translation>unfertige Dateien gelöscht, die niemand mehr braucht</translation>
    </message>
    <message>
        <source>files missing (&apos;retry&apos; fetches them again)</source>
        <translation>fehlende Dateien („retry“ holt sie wieder)</translation>
    </message>
    <message>
        <source>files changed after they had been filed</source>
        <translation>nach dem Ablegen veränderte Dateien</translation>
    </message>
    <message>
        <source>files damaged, to which nobody has written since they were filed</source>
        <translation>beschädigte Dateien, die seit dem Ablegen niemand beschrieben hat</translation>
    </message>
    <message>
        <source>files that are back, or as they were</source>
        <translation>Dateien, die wieder da oder wie zuvor sind</translation>
    </message>
    <message>
        <source>unfinished files of no job of this ledger, left alone</source>
        <translation>unfertige Dateien keines Auftrags dieses Journals, nicht angerührt</translation>
    </message>
    <message>
        <source>not there now, and so not looked at: %1</source>
        <translation>jetzt nicht da und darum nicht angesehen: %1</translation>
    </message>
    <message>
        <source>files looked at: %1</source>
        <translation>angesehene Dateien: %1</translation>
    </message>
</context>
<context>
    <name>ingather::cli::Run</name>
    <message>
        <source>the ledger can&apos;t be written any more: %1</source>
        <translation>das Journal lässt sich nicht mehr schreiben: %1</translation>
    </message>
    <message>
        <source>job %1 is not in the ledger any more</source>
        <translation>der Auftrag %1 steht nicht mehr im Journal</translation>
    </message>
</context>
<context>
    <name>ingather::cli::RunText</name>
    <message>
        <source>the download folder %1 can&apos;t be used (%2); jobs without a folder are left alone. -d names another</source>
        <translation>der Download-Ordner %1 ist nicht benutzbar (%2); Aufträge ohne Ordner bleiben liegen. -d nennt einen anderen</translation>
    </message>
</context>
<context>
    <name>ingather::cli::Status</name>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>no jobs</source>
        <translation>keine Aufträge</translation>
    </message>
    <message>
        <source>held</source>
        <translation>zurückgestellt</translation>
    </message>
    <message>
        <source>failed for good</source>
        <translation>aufgegeben</translation>
    </message>
    <message>
        <source>active leases</source>
        <translation>Leihfrist läuft</translation>
    </message>
    <message>
        <source>expired leases</source>
        <translation>Leihfrist vorbei</translation>
    </message>
    <message>
        <source>job</source>
        <translation>Auftrag</translation>
    </message>
    <message>
        <source>state</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>URL</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <source>came from</source>
        <translation>kam von</translation>
    </message>
    <message>
        <source>work</source>
        <translation>Werk</translation>
    </message>
    <message>
        <source>artifact</source>
        <translation>Teil des Werks</translation>
    </message>
    <message>
        <source>folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>file</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>type</source>
        <translation>Typ</translation>
    </message>
    <message>
        <source>SHA-256</source>
        <translation>SHA-256</translation>
    </message>
    <message>
        <source>expected</source>
        <translation>erwartet</translation>
    </message>
    <message>
        <source>verification</source>
        <translation>Prüfung</translation>
    </message>
    <message>
        <source>attempts</source>
        <translation>Versuche</translation>
    </message>
    <message>
        <source>failed because</source>
        <translation>Grund</translation>
    </message>
    <message>
        <source>next attempt</source>
        <translation>nächster Versuch</translation>
    </message>
    <message>
        <source>leased by</source>
        <translation>in Arbeit bei</translation>
    </message>
    <message>
        <source>leased until</source>
        <translation>Leihfrist bis</translation>
    </message>
    <message>
        <source>priority</source>
        <translation>Vorrang</translation>
    </message>
    <message>
        <source>added</source>
        <translation>hinzugefügt</translation>
    </message>
    <message>
        <source>changed</source>
        <translation>geändert</translation>
    </message>
    <message>
        <source>ended</source>
        <translation>beendet</translation>
    </message>
    <message>
        <source>  attempt %1</source>
        <translation>  Versuch %1</translation>
    </message>
    <message>
        <source>  took %1 ms</source>
        <translation>  dauerte %1 ms</translation>
    </message>
    <message>
        <source>wait for network</source>
        <translation>warten aufs Netz</translation>
    </message>
</context>
<context>
    <name>ingather::cli::Text</name>
    <message>
        <source>%1, paused</source>
        <translation>%1, angehalten</translation>
    </message>
    <message>
        <source>%1, cancelled</source>
        <translation>%1, abgebrochen</translation>
    </message>
    <message>
        <source>SHA-256 as expected</source>
        <translation>SHA-256 wie erwartet</translation>
    </message>
    <message>
        <source>recorded by another program</source>
        <translation>von einem anderen Programm vermerkt</translation>
    </message>
    <message>
        <source>received whole</source>
        <translation>vollständig empfangen</translation>
    </message>
    <message>
        <source>filed from the copy held already</source>
        <translation>von der vorhandenen Datei kopiert</translation>
    </message>
    <message>
        <source>was there already</source>
        <translation>war schon vorhanden</translation>
    </message>
    <message>
        <source>done: %1</source>
        <translation>fertig: %1</translation>
    </message>
    <message>
        <source>done: %1 (%2)</source>
        <translation>fertig: %1 (%2)</translation>
    </message>
    <message>
        <source>paused: %1; goes on with: ingather-cli resume %2</source>
        <translation>angehalten: %1; weiter geht es mit: ingather-cli resume %2</translation>
    </message>
    <message>
        <source>cancelled: %1; starts again with: ingather-cli retry %2</source>
        <translation>abgebrochen: %1; von vorn geht es mit: ingather-cli retry %2</translation>
    </message>
    <message>
        <source>failed: %1: %2. Tried: %3. It is not tried again by itself, but with: ingather-cli retry %4</source>
        <translation>fehlgeschlagen: %1: %2. Versuche: %3. Ein neuer Versuch geschieht nicht von selbst, sondern mit: ingather-cli retry %4</translation>
    </message>
    <message>
        <source>no reason was recorded</source>
        <translation>ein Grund ist nicht vermerkt</translation>
    </message>
    <message>
        <source>unfinished: %1 (%2)</source>
        <translation>unfertig: %1 (%2)</translation>
    </message>
    <message>
        <source>has not changed</source>
        <translation>hat sich nicht geändert</translation>
    </message>
</context>
<context>
    <name>ingather::cli::VerifyText</name>
    <message>
        <source>missing</source>
        <translation>fehlt</translation>
    </message>
    <message>
        <source>changed by somebody</source>
        <translation>von jemandem geändert</translation>
    </message>
    <message>
        <source>damaged</source>
        <translation>beschädigt</translation>
    </message>
    <message>
        <source>cannot be told</source>
        <translation>nicht festzustellen</translation>
    </message>
    <message>
        <source>not there now, and so not looked at: %1</source>
        <translation>jetzt nicht da und darum nicht angesehen: %1</translation>
    </message>
    <message>
        <source>content as it was filed</source>
        <translation>Inhalt wie abgelegt</translation>
    </message>
    <message>
        <source>right length, no digest known</source>
        <translation>richtige Länge, keine Prüfsumme bekannt</translation>
    </message>
    <message>
        <source>right length, content not read (--full does)</source>
        <translation>richtige Länge, Inhalt nicht gelesen (--full tut das)</translation>
    </message>
    <message>
        <source>wrong</source>
        <translation>falsch</translation>
    </message>
</context>
<context>
    <name>ingather::cli::WishText</name>
    <message>
        <source>paused: %1</source>
        <translation>angehalten: %1</translation>
    </message>
    <message>
        <source>resumed: %1</source>
        <translation>fortgesetzt: %1</translation>
    </message>
    <message>
        <source>cancelled: %1</source>
        <translation>abgebrochen: %1</translation>
    </message>
    <message>
        <source>planned again: %1</source>
        <translation>wieder vorgemerkt: %1</translation>
    </message>
    <message>
        <source>nothing to change: %1</source>
        <translation>nichts zu ändern: %1</translation>
    </message>
    <message>
        <source>there is no job %1</source>
        <translation>einen Auftrag %1 gibt es nicht</translation>
    </message>
    <message>
        <source>removed: %1</source>
        <translation>entfernt: %1</translation>
    </message>
    <message>
        <source>shown again: %1</source>
        <translation>wieder gezeigt: %1</translation>
    </message>
    <message>
        <source>deleted: %1</source>
        <translation>gelöscht: %1</translation>
    </message>
    <message>
        <source>kept the file of %1: %2</source>
        <translation>Datei von %1 behalten: %2</translation>
    </message>
    <message>
        <source>forgotten: %1</source>
        <translation>vergessen: %1</translation>
    </message>
    <message>
        <source>a worker still has %1; it is removed, forget it in a moment</source>
        <translation>ein Arbeiter hat %1 noch; er ist entfernt, gleich lässt er sich vergessen</translation>
    </message>
    <message>
        <source>priority %1 given: %2</source>
        <translation>Priorität %1 gegeben: %2</translation>
    </message>
    <message>
        <source>will be filed as it is: %1</source>
        <translation>wird abgelegt, wie es ist: %1</translation>
    </message>
    <message>
        <source>there is nothing of %1 in quarantine to be kept</source>
        <translation>von %1 liegt nichts in der Quarantäne, das behalten werden könnte</translation>
    </message>
</context>
<context>
    <name>ingather::gui::AddDialog</name>
    <message>
        <source>Add downloads</source>
        <translation>Downloads hinzufügen</translation>
    </message>
    <message>
        <source>&amp;Web addresses, one a line:</source>
        <translation>&amp;Webadressen, eine je Zeile:</translation>
    </message>
    <message>
        <source>Web addresses</source>
        <translation>Webadressen</translation>
    </message>
    <message>
        <source>http and https addresses of files, one a line</source>
        <translation>http- und https-Adressen von Dateien, eine je Zeile</translation>
    </message>
    <message>
        <source>https://example.org/paper.pdf</source>
        <translation>https://example.org/artikel.pdf</translation>
    </message>
    <message>
        <source>Lines that cannot be added</source>
        <translation>Zeilen, die nicht hinzugefügt werden können</translation>
    </message>
    <message>
        <source>&amp;Folder:</source>
        <translation>&amp;Ordner:</translation>
    </message>
    <message>
        <source>Folder for the files</source>
        <translation>Ordner für die Dateien</translation>
    </message>
    <message>
        <source>Where the files are filed; the folder must exist</source>
        <translation>Hier werden die Dateien abgelegt; der Ordner muss vorhanden sein</translation>
    </message>
    <message>
        <source>&amp;Choose…</source>
        <translation>&amp;Auswählen …</translation>
    </message>
    <message>
        <source>Choose the folder</source>
        <translation>Ordner auswählen</translation>
    </message>
    <message>
        <source>Choose the folder in a dialog</source>
        <translation>Den Ordner in einem Dialog auswählen</translation>
    </message>
    <message>
        <source>&amp;SHA-256:</source>
        <translation>&amp;SHA-256:</translation>
    </message>
    <message>
        <source>Expected SHA-256</source>
        <translation>Erwarteter SHA-256</translation>
    </message>
    <message>
        <source>Optional, for a single address: a file that does not match is not filed</source>
        <translation>Optional, für eine einzelne Adresse: Eine Datei, die nicht übereinstimmt, wird nicht abgelegt</translation>
    </message>
    <message>
        <source>Optional, for a single address</source>
        <translation>Optional, für eine einzelne Adresse</translation>
    </message>
    <message>
        <source>Fetch what failed before or whose file is gone a&amp;gain</source>
        <translation>&amp;Erneut laden, was früher fehlschlug oder dessen Datei fehlt</translation>
    </message>
    <message>
        <source>Fetch again what failed before or whose file is gone</source>
        <translation>Erneut laden, was früher fehlschlug oder dessen Datei fehlt</translation>
    </message>
    <message>
        <source>What is done and intact is never fetched twice</source>
        <translation>Was fertig und unversehrt ist, wird nie zweimal geladen</translation>
    </message>
    <message>
        <source>&amp;Add</source>
        <translation>&amp;Hinzufügen</translation>
    </message>
    <message>
        <source>Put the valid addresses into the ledger (Ctrl+Return)</source>
        <translation>Die gültigen Adressen in das Journal aufnehmen (Strg+Eingabe)</translation>
    </message>
    <message>
        <source>Close without adding</source>
        <translation>Schließen, ohne etwas hinzuzufügen</translation>
    </message>
    <message>
        <source>Line %1, “%2”: %3</source>
        <translation>Zeile %1, „%2“: %3</translation>
    </message>
    <message>
        <source>No valid address yet.</source>
        <translation>Noch keine gültige Adresse.</translation>
    </message>
    <message numerus="yes">
        <source>%n address(es) to add.</source>
        <translation>
            <numerusform>%n Adresse wird hinzugefügt.</numerusform>
            <numerusform>%n Adressen werden hinzugefügt.</numerusform>
        </translation>
    </message>
    <message>
        <source>A SHA-256 has 64 hexadecimal digits; this has %1 characters.</source>
        <translation>Ein SHA-256 hat 64 hexadezimale Ziffern; dieser Text hat %1 Zeichen.</translation>
    </message>
    <message>
        <source>Give the whole path of the folder, from the root on.</source>
        <translation>Geben Sie den vollständigen Pfad des Ordners an.</translation>
    </message>
    <message numerus="yes">
        <source>… and %n more line(s).</source>
        <translation>
            <numerusform>… und %n weitere Zeile.</numerusform>
            <numerusform>… und %n weitere Zeilen.</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing was added.</source>
        <translation>Es wurde nichts hinzugefügt.</translation>
    </message>
    <message>
        <source>Adding…</source>
        <translation>Wird hinzugefügt …</translation>
    </message>
</context>
<context>
    <name>ingather::gui::JobDetails</name>
    <message>
        <source>Address:</source>
        <translation>Adresse:</translation>
    </message>
    <message>
        <source>As entered:</source>
        <translation>Wie eingegeben:</translation>
    </message>
    <message>
        <source>Folder:</source>
        <translation>Ordner:</translation>
    </message>
    <message>
        <source>File:</source>
        <translation>Datei:</translation>
    </message>
    <message>
        <source>Size:</source>
        <translation>Größe:</translation>
    </message>
    <message>
        <source>%1 (%L2 bytes)</source>
        <translation>%1 (%L2 Byte)</translation>
    </message>
    <message>
        <source>SHA-256:</source>
        <translation>SHA-256:</translation>
    </message>
    <message>
        <source>Expected:</source>
        <translation>Erwartet:</translation>
    </message>
    <message>
        <source>Content:</source>
        <translation>Inhalt:</translation>
    </message>
    <message>
        <source>Content type:</source>
        <translation>Inhaltstyp:</translation>
    </message>
    <message>
        <source>Validators:</source>
        <translation>Prüfmerkmale:</translation>
    </message>
    <message>
        <source>Error:</source>
        <translation>Fehler:</translation>
    </message>
    <message>
        <source>Error detail:</source>
        <translation>Fehlereinzelheit:</translation>
    </message>
    <message>
        <source>Failed attempts:</source>
        <translation>Fehlversuche:</translation>
    </message>
    <message>
        <source>Added:</source>
        <translation>Hinzugefügt:</translation>
    </message>
    <message>
        <source>Changed:</source>
        <translation>Geändert:</translation>
    </message>
    <message>
        <source>Ended:</source>
        <translation>Beendet:</translation>
    </message>
    <message>
        <source>Worker:</source>
        <translation>Arbeiter:</translation>
    </message>
    <message>
        <source>State in the ledger:</source>
        <translation>Zustand im Journal:</translation>
    </message>
    <message>
        <source>Job:</source>
        <translation>Auftrag:</translation>
    </message>
    <message>
        <source>Select a job to see what is known about it.</source>
        <translation>Wählen Sie einen Auftrag, um zu sehen, was über ihn bekannt ist.</translation>
    </message>
</context>
<context>
    <name>ingather::gui::MainWindow</name>
    <message>
        <source>Dismiss</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Dismiss the message</source>
        <translation>Die Meldung schließen</translation>
    </message>
    <message>
        <source>Which jobs to show</source>
        <translation>Welche Aufträge gezeigt werden</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>Aufträge</translation>
    </message>
    <message>
        <source>About the selected job</source>
        <translation>Über den gewählten Auftrag</translation>
    </message>
    <message>
        <source>&amp;Details</source>
        <translation>&amp;Einzelheiten</translation>
    </message>
    <message>
        <source>Details of the selected job</source>
        <translation>Einzelheiten des gewählten Auftrags</translation>
    </message>
    <message>
        <source>&amp;Operations</source>
        <translation>&amp;Vorgänge</translation>
    </message>
    <message>
        <source>Operations of the selected job, oldest first</source>
        <translation>Vorgänge des gewählten Auftrags, die ältesten zuerst</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>&amp;Jobs</source>
        <translation>&amp;Aufträge</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>A&amp;nsicht</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>Main toolbar</source>
        <translation>Hauptwerkzeugleiste</translation>
    </message>
    <message>
        <source>&amp;Add…</source>
        <translation>&amp;Hinzufügen …</translation>
    </message>
    <message>
        <source>Add downloads (Ctrl+N)</source>
        <translation>Downloads hinzufügen (Strg+N)</translation>
    </message>
    <message>
        <source>Add from the &amp;clipboard…</source>
        <translation>Aus der &amp;Zwischenablage hinzufügen …</translation>
    </message>
    <message>
        <source>Add the web addresses in the clipboard (Ctrl+V)</source>
        <translation>Die Webadressen aus der Zwischenablage hinzufügen (Strg+V)</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
    </message>
    <message>
        <source>End Ingather; unfinished downloads go on at the next start (Ctrl+Q)</source>
        <translation>Ingather beenden; unfertige Downloads gehen beim nächsten Start weiter (Strg+Q)</translation>
    </message>
    <message>
        <source>&amp;Pause</source>
        <translation>An&amp;halten</translation>
    </message>
    <message>
        <source>Pause the selected jobs and keep what they have received</source>
        <translation>Die gewählten Aufträge anhalten und das Empfangene behalten</translation>
    </message>
    <message>
        <source>&amp;Resume</source>
        <translation>&amp;Fortsetzen</translation>
    </message>
    <message>
        <source>Go on with the selected paused jobs</source>
        <translation>Die gewählten angehaltenen Aufträge fortsetzen</translation>
    </message>
    <message>
        <source>Pause or resu&amp;me</source>
        <translation>Anhalten oder fort&amp;setzen</translation>
    </message>
    <message>
        <source>Pause the selected jobs, or go on with them (Space)</source>
        <translation>Die gewählten Aufträge anhalten oder fortsetzen (Leertaste)</translation>
    </message>
    <message>
        <source>Canc&amp;el…</source>
        <translation>A&amp;bbrechen …</translation>
    </message>
    <message>
        <source>Cancel the selected jobs and delete their unfinished files (Del)</source>
        <translation>Die gewählten Aufträge abbrechen und ihre unfertigen Dateien löschen (Entf)</translation>
    </message>
    <message>
        <source>Re&amp;try</source>
        <translation>&amp;Wiederholen</translation>
    </message>
    <message>
        <source>Fetch the selected failed, cancelled or missing files again</source>
        <translation>Die gewählten fehlgeschlagenen, abgebrochenen oder fehlenden Dateien erneut laden</translation>
    </message>
    <message>
        <source>&amp;Open file</source>
        <translation>Datei ö&amp;ffnen</translation>
    </message>
    <message>
        <source>Open the finished file</source>
        <translation>Die fertige Datei öffnen</translation>
    </message>
    <message>
        <source>Open &amp;folder</source>
        <translation>&amp;Ordner öffnen</translation>
    </message>
    <message>
        <source>Open the folder that the file lies in</source>
        <translation>Den Ordner öffnen, in dem die Datei liegt</translation>
    </message>
    <message>
        <source>Copy &amp;address</source>
        <translation>A&amp;dresse kopieren</translation>
    </message>
    <message>
        <source>Copy the web addresses of the selected jobs</source>
        <translation>Die Webadressen der gewählten Aufträge kopieren</translation>
    </message>
    <message>
        <source>Copy &amp;SHA-256</source>
        <translation>&amp;SHA-256 kopieren</translation>
    </message>
    <message>
        <source>Copy the SHA-256 of the selected jobs</source>
        <translation>Den SHA-256 der gewählten Aufträge kopieren</translation>
    </message>
    <message>
        <source>&amp;Find</source>
        <translation>&amp;Suchen</translation>
    </message>
    <message>
        <source>Go to the search field (Ctrl+F)</source>
        <translation>Zum Suchfeld gehen (Strg+F)</translation>
    </message>
    <message>
        <source>&amp;Read again</source>
        <translation>&amp;Neu lesen</translation>
    </message>
    <message>
        <source>Read the ledger again (F5)</source>
        <translation>Das Journal neu lesen (F5)</translation>
    </message>
    <message>
        <source>&amp;About Ingather</source>
        <translation>&amp;Über Ingather</translation>
    </message>
    <message>
        <source>What Ingather is</source>
        <translation>Was Ingather ist</translation>
    </message>
    <message>
        <source>All jobs</source>
        <translation>Alle Aufträge</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <comment>name of a list, number of jobs in it</comment>
        <translation>%1 (%2)</translation>
    </message>
    <message>
        <source>Reading the ledger…</source>
        <translation>Das Journal wird gelesen …</translation>
    </message>
    <message>
        <source>No job matches</source>
        <translation>Kein Auftrag passt</translation>
    </message>
    <message>
        <source>Nothing here yet</source>
        <translation>Noch nichts da</translation>
    </message>
    <message>
        <source>There are jobs, but none that fits the search and the chosen list.</source>
        <translation>Es gibt Aufträge, aber keiner passt zur Suche und zur gewählten Liste.</translation>
    </message>
    <message>
        <source>Add web addresses with Ctrl+N, paste them, or drop links onto this window.</source>
        <translation>Fügen Sie Webadressen mit Strg+N oder aus der Zwischenablage hinzu oder ziehen Sie Links auf dieses Fenster.</translation>
    </message>
    <message>
        <source>&amp;Show all jobs</source>
        <translation>&amp;Alle Aufträge zeigen</translation>
    </message>
    <message>
        <source>&amp;Add downloads…</source>
        <translation>Downloads &amp;hinzufügen …</translation>
    </message>
    <message>
        <source>Show all jobs</source>
        <translation>Alle Aufträge zeigen</translation>
    </message>
    <message>
        <source>Add downloads</source>
        <translation>Downloads hinzufügen</translation>
    </message>
    <message>
        <source>Clear the search and show every job</source>
        <translation>Die Suche leeren und alle Aufträge zeigen</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <comment>an address, why it was refused</comment>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>Search name or address</source>
        <translation>Name oder Adresse suchen</translation>
    </message>
    <message>
        <source>Show the jobs whose name or address holds all these words (Ctrl+F)</source>
        <translation>Die Aufträge zeigen, deren Name oder Adresse alle diese Wörter enthält (Strg+F)</translation>
    </message>
    <message>
        <source>About Ingather</source>
        <translation>Über Ingather</translation>
    </message>
    <message>
        <source>Ingather %1

A download manager that ends up with all of your documents: nothing added is lost, nothing is fetched twice, and a file marked done is intact.

It contacts only the servers that you add.</source>
        <translation>Ingather %1

Ein Download-Manager, mit dem Sie am Ende alle Ihre Dokumente haben: Nichts geht verloren, nichts wird zweimal geladen, und was als fertig gilt, ist unversehrt.

Er verbindet sich nur mit den Servern, die Sie hinzufügen.</translation>
    </message>
    <message>
        <source>Cancel jobs</source>
        <translation>Aufträge abbrechen</translation>
    </message>
    <message numerus="yes">
        <source>Cancel %n job(s)? What they have received so far is deleted.</source>
        <translation>
            <numerusform>%n Auftrag abbrechen? Was er bisher empfangen hat, wird gelöscht.</numerusform>
            <numerusform>%n Aufträge abbrechen? Was sie bisher empfangen haben, wird gelöscht.</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Cancel the jobs</source>
        <translation>Aufträge &amp;abbrechen</translation>
    </message>
    <message>
        <source>&amp;Keep them</source>
        <translation>&amp;Behalten</translation>
    </message>
    <message>
        <source>No program could open %1.</source>
        <translation>Kein Programm konnte %1 öffnen.</translation>
    </message>
</context>
<context>
    <name>ingather::models::ErrorText</name>
    <message>
        <source>This is not a valid web address.</source>
        <translation>Das ist keine gültige Webadresse.</translation>
    </message>
    <message>
        <source>Only http and https addresses can be fetched.</source>
        <translation>Nur http- und https-Adressen können geladen werden.</translation>
    </message>
    <message>
        <source>A value that was given makes no sense.</source>
        <translation>Ein angegebener Wert ergibt keinen Sinn.</translation>
    </message>
    <message>
        <source>There is no such job in this ledger.</source>
        <translation>Diesen Auftrag gibt es in diesem Journal nicht.</translation>
    </message>
    <message>
        <source>The folder does not exist.</source>
        <translation>Der Ordner ist nicht vorhanden.</translation>
    </message>
    <message>
        <source>You may not write into this folder.</source>
        <translation>Sie dürfen in diesen Ordner nicht schreiben.</translation>
    </message>
    <message>
        <source>This path is a file, not a folder.</source>
        <translation>Dieser Pfad ist eine Datei und kein Ordner.</translation>
    </message>
    <message>
        <source>The list could not be read.</source>
        <translation>Die Liste konnte nicht gelesen werden.</translation>
    </message>
    <message>
        <source>No server with this name was found.</source>
        <translation>Es wurde kein Server mit diesem Namen gefunden.</translation>
    </message>
    <message>
        <source>The server refused the connection.</source>
        <translation>Der Server hat die Verbindung abgelehnt.</translation>
    </message>
    <message>
        <source>The connection to the server broke.</source>
        <translation>Die Verbindung zum Server ist abgebrochen.</translation>
    </message>
    <message>
        <source>The network cannot be reached.</source>
        <translation>Das Netzwerk ist nicht erreichbar.</translation>
    </message>
    <message>
        <source>No secure connection could be made: the server&apos;s certificate was not accepted.</source>
        <translation>Es kam keine sichere Verbindung zustande: Das Zertifikat des Servers wurde nicht akzeptiert.</translation>
    </message>
    <message>
        <source>The proxy did not pass the request on.</source>
        <translation>Der Proxy hat die Anfrage nicht weitergeleitet.</translation>
    </message>
    <message>
        <source>The server did not answer in time.</source>
        <translation>Der Server hat nicht rechtzeitig geantwortet.</translation>
    </message>
    <message>
        <source>The server stopped sending.</source>
        <translation>Der Server sendet nicht mehr.</translation>
    </message>
    <message>
        <source>The server&apos;s answer breaks the rules of HTTP.</source>
        <translation>Die Antwort des Servers verstößt gegen die Regeln von HTTP.</translation>
    </message>
    <message>
        <source>The server sent the request on too many times.</source>
        <translation>Der Server hat die Anfrage zu oft weitergeleitet.</translation>
    </message>
    <message>
        <source>The server redirects from a secure address to an insecure one, which is refused.</source>
        <translation>Der Server leitet von einer sicheren auf eine unsichere Adresse um; das wird abgelehnt.</translation>
    </message>
    <message>
        <source>The server redirects to something that is no web address.</source>
        <translation>Der Server leitet auf etwas um, das keine Webadresse ist.</translation>
    </message>
    <message>
        <source>The server asks for a login (401).</source>
        <translation>Der Server verlangt eine Anmeldung (401).</translation>
    </message>
    <message>
        <source>The server does not allow access (403).</source>
        <translation>Der Server verweigert den Zugriff (403).</translation>
    </message>
    <message>
        <source>The server does not have this file (404).</source>
        <translation>Der Server hat diese Datei nicht (404).</translation>
    </message>
    <message>
        <source>The server says that the file was removed (410).</source>
        <translation>Laut Server wurde die Datei entfernt (410).</translation>
    </message>
    <message>
        <source>The server gave up waiting for the request (408).</source>
        <translation>Der Server hat nicht länger auf die Anfrage gewartet (408).</translation>
    </message>
    <message>
        <source>The server cannot go on from where the download stopped (416).</source>
        <translation>Der Server kann nicht an der Stelle fortfahren, an der der Download stehen blieb (416).</translation>
    </message>
    <message>
        <source>The server asks for fewer requests (429).</source>
        <translation>Der Server bittet um weniger Anfragen (429).</translation>
    </message>
    <message>
        <source>The server refused the request.</source>
        <translation>Der Server hat die Anfrage abgelehnt.</translation>
    </message>
    <message>
        <source>The server has a fault of its own.</source>
        <translation>Beim Server liegt eine Störung vor.</translation>
    </message>
    <message>
        <source>The server is not available at the moment (503).</source>
        <translation>Der Server ist zurzeit nicht verfügbar (503).</translation>
    </message>
    <message>
        <source>The server answered with a status that does not fit a download.</source>
        <translation>Der Server hat mit einem Status geantwortet, der nicht zu einem Download passt.</translation>
    </message>
    <message>
        <source>The server contradicts itself about the size of the file.</source>
        <translation>Der Server macht widersprüchliche Angaben zur Größe der Datei.</translation>
    </message>
    <message>
        <source>The server sent less than it had announced.</source>
        <translation>Der Server hat weniger gesendet als angekündigt.</translation>
    </message>
    <message>
        <source>The server sent more than it had announced.</source>
        <translation>Der Server hat mehr gesendet als angekündigt.</translation>
    </message>
    <message>
        <source>The server sent another part of the file than it was asked for.</source>
        <translation>Der Server hat einen anderen Teil der Datei gesendet als angefordert.</translation>
    </message>
    <message>
        <source>The server sent the file in an encoding that was not asked for.</source>
        <translation>Der Server hat die Datei in einer Kodierung gesendet, die nicht angefordert war.</translation>
    </message>
    <message>
        <source>The server sent the file compressed, and what arrived cannot be unpacked.</source>
        <translation>Der Server hat die Datei komprimiert gesendet, und was ankam, lässt sich nicht entpacken.</translation>
    </message>
    <message>
        <source>The file on the server changed while it was being fetched.</source>
        <translation>Die Datei auf dem Server hat sich während des Ladens geändert.</translation>
    </message>
    <message>
        <source>There is no room left on the volume.</source>
        <translation>Auf dem Datenträger ist kein Platz mehr.</translation>
    </message>
    <message>
        <source>The volume that the folder lies on is not there.</source>
        <translation>Der Datenträger, auf dem der Ordner liegt, ist nicht vorhanden.</translation>
    </message>
    <message>
        <source>The volume reports errors when it is written to.</source>
        <translation>Der Datenträger meldet Fehler beim Schreiben.</translation>
    </message>
    <message>
        <source>The system denied access to the file.</source>
        <translation>Das System hat den Zugriff auf die Datei verweigert.</translation>
    </message>
    <message>
        <source>Another process still holds the unfinished file.</source>
        <translation>Ein anderer Prozess hält die unfertige Datei noch fest.</translation>
    </message>
    <message>
        <source>The unfinished file is gone from the disk.</source>
        <translation>Die unfertige Datei ist vom Datenträger verschwunden.</translation>
    </message>
    <message>
        <source>The unfinished file is not what was written to it.</source>
        <translation>Die unfertige Datei enthält nicht das, was geschrieben wurde.</translation>
    </message>
    <message>
        <source>The file is no longer where it was filed.</source>
        <translation>Die Datei liegt nicht mehr dort, wo sie abgelegt wurde.</translation>
    </message>
    <message>
        <source>The file was changed after it had been filed.</source>
        <translation>Die Datei wurde nach dem Ablegen verändert.</translation>
    </message>
    <message>
        <source>A file with this name is there already.</source>
        <translation>Eine Datei mit diesem Namen ist bereits vorhanden.</translation>
    </message>
    <message>
        <source>Too many files with this name are there already.</source>
        <translation>Es sind bereits zu viele Dateien mit diesem Namen vorhanden.</translation>
    </message>
    <message>
        <source>The file could not be read or written.</source>
        <translation>Die Datei konnte nicht gelesen oder geschrieben werden.</translation>
    </message>
    <message>
        <source>The ledger cannot be opened.</source>
        <translation>Das Journal kann nicht geöffnet werden.</translation>
    </message>
    <message>
        <source>The path of the ledger is a folder.</source>
        <translation>Der Pfad des Journals ist ein Ordner.</translation>
    </message>
    <message>
        <source>The file is not a ledger. It was left untouched.</source>
        <translation>Die Datei ist kein Journal. Sie wurde nicht verändert.</translation>
    </message>
    <message>
        <source>The ledger is damaged.</source>
        <translation>Das Journal ist beschädigt.</translation>
    </message>
    <message>
        <source>The ledger cannot be written to.</source>
        <translation>In das Journal kann nicht geschrieben werden.</translation>
    </message>
    <message>
        <source>Another program is using the ledger.</source>
        <translation>Ein anderes Programm benutzt das Journal.</translation>
    </message>
    <message>
        <source>There is no room left for the ledger.</source>
        <translation>Für das Journal ist kein Platz mehr.</translation>
    </message>
    <message>
        <source>The disk reports errors in the ledger&apos;s file.</source>
        <translation>Der Datenträger meldet Fehler in der Datei des Journals.</translation>
    </message>
    <message>
        <source>The ledger refused an entry that contradicts it.</source>
        <translation>Das Journal hat einen Eintrag abgelehnt, der ihm widerspricht.</translation>
    </message>
    <message>
        <source>The ledger is not built as this version expects it.</source>
        <translation>Das Journal ist nicht so aufgebaut, wie diese Version es erwartet.</translation>
    </message>
    <message>
        <source>The ledger is of an older version and has not been brought up to date.</source>
        <translation>Das Journal stammt von einer älteren Version und wurde noch nicht aktualisiert.</translation>
    </message>
    <message>
        <source>The ledger was written by a newer version of Ingather.</source>
        <translation>Das Journal wurde von einer neueren Version von Ingather geschrieben.</translation>
    </message>
    <message>
        <source>The ledger&apos;s file was replaced while it was in use.</source>
        <translation>Die Datei des Journals wurde während der Benutzung ersetzt.</translation>
    </message>
    <message>
        <source>The ledger is closed.</source>
        <translation>Das Journal ist geschlossen.</translation>
    </message>
    <message>
        <source>The ledger reported an error.</source>
        <translation>Das Journal hat einen Fehler gemeldet.</translation>
    </message>
    <message>
        <source>The ledger was opened too many times at once.</source>
        <translation>Das Journal wurde zu oft gleichzeitig geöffnet.</translation>
    </message>
    <message>
        <source>Another worker has taken the job over.</source>
        <translation>Ein anderer Arbeiter hat den Auftrag übernommen.</translation>
    </message>
    <message>
        <source>The job was in a state that does not allow this step.</source>
        <translation>Der Auftrag war in einem Zustand, der diesen Schritt nicht erlaubt.</translation>
    </message>
    <message>
        <source>The job was paused.</source>
        <translation>Der Auftrag wurde angehalten.</translation>
    </message>
    <message>
        <source>The job was cancelled.</source>
        <translation>Der Auftrag wurde abgebrochen.</translation>
    </message>
    <message>
        <source>The program was ended before the job was.</source>
        <translation>Das Programm wurde beendet, bevor der Auftrag fertig war.</translation>
    </message>
    <message>
        <source>A fault in Ingather itself.</source>
        <translation>Ein Fehler in Ingather selbst.</translation>
    </message>
    <message>
        <source>server not found</source>
        <translation>Server nicht gefunden</translation>
    </message>
    <message>
        <source>connection refused</source>
        <translation>Verbindung abgelehnt</translation>
    </message>
    <message>
        <source>connection lost</source>
        <translation>Verbindung abgebrochen</translation>
    </message>
    <message>
        <source>no network</source>
        <translation>kein Netzwerk</translation>
    </message>
    <message>
        <source>certificate not accepted</source>
        <translation>Zertifikat nicht akzeptiert</translation>
    </message>
    <message>
        <source>server silent</source>
        <translation>Server antwortet nicht</translation>
    </message>
    <message>
        <source>login needed</source>
        <translation>Anmeldung nötig</translation>
    </message>
    <message>
        <source>access denied</source>
        <translation>Zugriff verweigert</translation>
    </message>
    <message>
        <source>not on the server</source>
        <translation>nicht auf dem Server</translation>
    </message>
    <message>
        <source>server asks to wait</source>
        <translation>Server bittet zu warten</translation>
    </message>
    <message>
        <source>server trouble</source>
        <translation>Serverstörung</translation>
    </message>
    <message>
        <source>volume full</source>
        <translation>Datenträger voll</translation>
    </message>
    <message>
        <source>volume not there</source>
        <translation>Datenträger fehlt</translation>
    </message>
    <message>
        <source>volume failing</source>
        <translation>Datenträger gestört</translation>
    </message>
    <message>
        <source>no permission</source>
        <translation>keine Berechtigung</translation>
    </message>
    <message>
        <source>folder missing</source>
        <translation>Ordner fehlt</translation>
    </message>
    <message>
        <source>Check the address.</source>
        <translation>Prüfen Sie die Adresse.</translation>
    </message>
    <message>
        <source>Check the address in a browser; the file may have moved.</source>
        <translation>Prüfen Sie die Adresse in einem Browser; vielleicht ist die Datei umgezogen.</translation>
    </message>
    <message>
        <source>Check what was entered.</source>
        <translation>Prüfen Sie die Eingabe.</translation>
    </message>
    <message>
        <source>Create the folder or choose another one.</source>
        <translation>Legen Sie den Ordner an oder wählen Sie einen anderen.</translation>
    </message>
    <message>
        <source>Choose another folder.</source>
        <translation>Wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <source>Check the permissions of the folder and of the files in it.</source>
        <translation>Prüfen Sie die Berechtigungen des Ordners und der Dateien darin.</translation>
    </message>
    <message>
        <source>Check the spelling of the address and your connection.</source>
        <translation>Prüfen Sie die Schreibweise der Adresse und Ihre Verbindung.</translation>
    </message>
    <message>
        <source>Often it works later; choose Retry then.</source>
        <translation>Oft klappt es später; wählen Sie dann „Wiederholen“.</translation>
    </message>
    <message>
        <source>Check your connection and your proxy settings.</source>
        <translation>Prüfen Sie Ihre Verbindung und Ihre Proxy-Einstellungen.</translation>
    </message>
    <message>
        <source>If the server uses an authority of your own, start Ingather with --ca-certificate. If not, be careful: somebody may be listening in.</source>
        <translation>Wenn der Server eine eigene Zertifizierungsstelle von Ihnen benutzt, starten Sie Ingather mit --ca-certificate. Sonst seien Sie vorsichtig: Vielleicht hört jemand mit.</translation>
    </message>
    <message>
        <source>If you trust the insecure address, add it directly.</source>
        <translation>Wenn Sie der unsicheren Adresse vertrauen, fügen Sie sie direkt hinzu.</translation>
    </message>
    <message>
        <source>The file may need an account, a licence or a library&apos;s network.</source>
        <translation>Vielleicht sind ein Konto, eine Lizenz oder das Netz einer Bibliothek nötig.</translation>
    </message>
    <message>
        <source>Nothing doubtful was kept. Retry starts from what is certain.</source>
        <translation>Nichts Zweifelhaftes wurde behalten. „Wiederholen“ geht von dem aus, was gesichert ist.</translation>
    </message>
    <message>
        <source>Check the expected SHA-256. The content that did not match was not filed.</source>
        <translation>Prüfen Sie den erwarteten SHA-256. Der abweichende Inhalt wurde nicht abgelegt.</translation>
    </message>
    <message>
        <source>Make room on the volume.</source>
        <translation>Schaffen Sie Platz auf dem Datenträger.</translation>
    </message>
    <message>
        <source>Connect the volume; Ingather goes on by itself.</source>
        <translation>Schließen Sie den Datenträger an; Ingather fährt von selbst fort.</translation>
    </message>
    <message>
        <source>Check the cable and the health of the volume, and back up what lies on it.</source>
        <translation>Prüfen Sie Kabel und Zustand des Datenträgers und sichern Sie, was darauf liegt.</translation>
    </message>
    <message>
        <source>Retry starts from what is certain.</source>
        <translation>„Wiederholen“ geht von dem aus, was gesichert ist.</translation>
    </message>
    <message>
        <source>Retry fetches the file again; a changed file is never overwritten.</source>
        <translation>„Wiederholen“ lädt die Datei erneut; eine veränderte Datei wird nie überschrieben.</translation>
    </message>
    <message>
        <source>Move the files of that name away or choose another folder.</source>
        <translation>Verschieben Sie die Dateien dieses Namens oder wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <source>Check the volume that the folder lies on.</source>
        <translation>Prüfen Sie den Datenträger, auf dem der Ordner liegt.</translation>
    </message>
    <message>
        <source>Check that its folder exists and that you may write there.</source>
        <translation>Prüfen Sie, ob der Ordner vorhanden ist und ob Sie dort schreiben dürfen.</translation>
    </message>
    <message>
        <source>Choose another file with --ledger.</source>
        <translation>Wählen Sie mit --ledger eine andere Datei.</translation>
    </message>
    <message>
        <source>Run “ingather-cli health” to see what is wrong and what can be done.</source>
        <translation>„ingather-cli health“ zeigt, was nicht stimmt und was zu tun ist.</translation>
    </message>
    <message>
        <source>Try again in a moment.</source>
        <translation>Versuchen Sie es gleich noch einmal.</translation>
    </message>
    <message>
        <source>Run “ingather-cli migrate”.</source>
        <translation>Führen Sie „ingather-cli migrate“ aus.</translation>
    </message>
    <message>
        <source>Install the newer version of Ingather.</source>
        <translation>Installieren Sie die neuere Version von Ingather.</translation>
    </message>
    <message>
        <source>Start Ingather again.</source>
        <translation>Starten Sie Ingather neu.</translation>
    </message>
    <message>
        <source>Nothing to do: the other worker goes on with it.</source>
        <translation>Es ist nichts zu tun: Der andere Arbeiter macht damit weiter.</translation>
    </message>
    <message>
        <source>Choose Resume to go on.</source>
        <translation>Wählen Sie „Fortsetzen“, um weiterzumachen.</translation>
    </message>
    <message>
        <source>Choose Retry to begin again.</source>
        <translation>Wählen Sie „Wiederholen“, um neu zu beginnen.</translation>
    </message>
    <message>
        <source>It goes on when Ingather is started again.</source>
        <translation>Es geht weiter, sobald Ingather wieder gestartet wird.</translation>
    </message>
    <message>
        <source>Please report this with the log file. No finished file is affected.</source>
        <translation>Bitte melden Sie das zusammen mit der Protokolldatei. Fertige Dateien sind nicht betroffen.</translation>
    </message>
    <message>
        <source>An error that this version does not know: %1.</source>
        <translation>Ein Fehler, den diese Version nicht kennt: %1.</translation>
    </message>
    <message>
        <source>The ledger is damaged or was changed.</source>
        <translation>Das Journal ist beschädigt oder wurde verändert.</translation>
    </message>
    <message>
        <source>Other programs are using the ledger.</source>
        <translation>Andere Programme benutzen das Journal.</translation>
    </message>
    <message>
        <source>The backup cannot be used.</source>
        <translation>Die Sicherung ist nicht brauchbar.</translation>
    </message>
    <message>
        <source>Run “ingather-cli repair”; it saves the ledger as it is first.</source>
        <translation>„ingather-cli repair“ ausführen; es sichert das Journal zuerst so, wie es ist.</translation>
    </message>
    <message>
        <source>End them, then try again.</source>
        <translation>Diese beenden und es noch einmal versuchen.</translation>
    </message>
    <message>
        <source>Choose another backup.</source>
        <translation>Eine andere Sicherung wählen.</translation>
    </message>
    <message>
        <source>The file is not what was filed, and nobody has written to it since.</source>
        <translation>Die Datei ist nicht, was abgelegt wurde, und niemand hat sie seither beschrieben.</translation>
    </message>
    <message>
        <source>file missing</source>
        <translation>Datei fehlt</translation>
    </message>
    <message>
        <source>file changed since</source>
        <translation>Datei seither verändert</translation>
    </message>
    <message>
        <source>file damaged</source>
        <translation>Datei beschädigt</translation>
    </message>
    <message>
        <source>The server sent a web page instead of the file.</source>
        <translation>Der Server hat statt der Datei eine Webseite gesendet.</translation>
    </message>
    <message>
        <source>The file ends before its content does.</source>
        <translation>Die Datei endet, bevor ihr Inhalt zu Ende ist.</translation>
    </message>
    <message>
        <source>The content is of another kind than the one that was asked for.</source>
        <translation>Der Inhalt ist von anderer Art als gewünscht.</translation>
    </message>
    <message>
        <source>web page instead of the file</source>
        <translation>Webseite statt der Datei</translation>
    </message>
    <message>
        <source>file incomplete</source>
        <translation>Datei unvollständig</translation>
    </message>
    <message>
        <source>wrong kind of content</source>
        <translation>falsche Art von Inhalt</translation>
    </message>
    <message>
        <source>Open the address in a browser: it may ask for a login, a licence or a test for robots. The page was not filed.</source>
        <translation>Öffnen Sie die Adresse in einem Browser: Vielleicht verlangt sie eine Anmeldung, eine Lizenz oder einen Test gegen Roboter. Die Seite wurde nicht abgelegt.</translation>
    </message>
    <message>
        <source>Often it works later; choose Retry then. The incomplete content was not filed.</source>
        <translation>Oft gelingt es später; wählen Sie dann „Wiederholen“. Der unvollständige Inhalt wurde nicht abgelegt.</translation>
    </message>
    <message>
        <source>Check the address in a browser. The content that did not fit was not filed.</source>
        <translation>Prüfen Sie die Adresse in einem Browser. Der unpassende Inhalt wurde nicht abgelegt.</translation>
    </message>
    <message>
        <source>The content does not have the digest that was expected.</source>
        <translation>Der Inhalt hat nicht die erwartete Prüfsumme.</translation>
    </message>
    <message>
        <source>wrong digest</source>
        <translation>falsche Prüfsumme</translation>
    </message>
    <message>
        <source>The keyring of this system could not be asked.</source>
        <translation>Der Schlüsselbund des Systems konnte nicht gefragt werden.</translation>
    </message>
    <message>
        <source>Unlock the keyring, or put the login into a netrc file and name it with --netrc FILE, or in the settings with netrc=FILE under [network].</source>
        <translation>Entsperren Sie den Schlüsselbund, oder schreiben Sie die Zugangsdaten in eine netrc-Datei und nennen Sie sie mit --netrc DATEI oder in den Einstellungen mit netrc=DATEI unter [network].</translation>
    </message>
</context>
<context>
    <name>ingather::models::FindingText</name>
    <message>
        <source>This check found nothing.</source>
        <translation>Diese Prüfung hat nichts gefunden.</translation>
    </message>
    <message>
        <source>There is no ledger at %1.</source>
        <translation>Unter %1 gibt es kein Journal.</translation>
    </message>
    <message>
        <source>The file %1 is empty.</source>
        <translation>Die Datei %1 ist leer.</translation>
    </message>
    <message>
        <source>The file %1 has not been brought to this version of the ledger.</source>
        <translation>Die Datei %1 wurde noch nicht auf diese Version des Journals umgestellt.</translation>
    </message>
    <message>
        <source>The file is not a ledger, or its beginning is destroyed.</source>
        <translation>Die Datei ist kein Journal, oder ihr Anfang ist zerstört.</translation>
    </message>
    <message>
        <source>The file of the ledger cannot be read.</source>
        <translation>Die Datei des Journals kann nicht gelesen werden.</translation>
    </message>
    <message>
        <source>A repair was cut off while it put the new ledger in place.</source>
        <translation>Eine Reparatur wurde unterbrochen, während sie das neue Journal einsetzte.</translation>
    </message>
    <message>
        <source>Damaged places in the pages of the file: %1.</source>
        <translation>Beschädigte Stellen in den Seiten der Datei: %1.</translation>
    </message>
    <message>
        <source>Pages of the file are damaged.</source>
        <translation>Seiten der Datei sind beschädigt.</translation>
    </message>
    <message>
        <source>An index does not fit its table.</source>
        <translation>Ein Index passt nicht zu seiner Tabelle.</translation>
    </message>
    <message>
        <source>The index %1 does not fit its table.</source>
        <translation>Der Index %1 passt nicht zu seiner Tabelle.</translation>
    </message>
    <message>
        <source>The ledger contradicts itself about its version.</source>
        <translation>Das Journal widerspricht sich über seine Version.</translation>
    </message>
    <message>
        <source>The ledger was written by a newer version of Ingather, which this one can work with.</source>
        <translation>Das Journal wurde von einer neueren Version von Ingather geschrieben, mit der diese umgehen kann.</translation>
    </message>
    <message>
        <source>The ledger was written by a newer version of Ingather; this one can only look at it.</source>
        <translation>Das Journal wurde von einer neueren Version von Ingather geschrieben; diese kann es nur ansehen.</translation>
    </message>
    <message>
        <source>A step of the ledger&apos;s migration is not the one that this version knows: %1.</source>
        <translation>Ein Schritt der Umstellung des Journals ist nicht der, den diese Version kennt: %1.</translation>
    </message>
    <message>
        <source>Steps of the ledger&apos;s migration are missing from its record.</source>
        <translation>In der Aufzeichnung über die Umstellung des Journals fehlen Schritte.</translation>
    </message>
    <message>
        <source>The table %1 is missing.</source>
        <translation>Die Tabelle %1 fehlt.</translation>
    </message>
    <message>
        <source>The column %1 is missing.</source>
        <translation>Die Spalte %1 fehlt.</translation>
    </message>
    <message>
        <source>The index %1 is missing.</source>
        <translation>Der Index %1 fehlt.</translation>
    </message>
    <message>
        <source>The trigger %1 is missing.</source>
        <translation>Der Trigger %1 fehlt.</translation>
    </message>
    <message>
        <source>The table %1 was changed.</source>
        <translation>Die Tabelle %1 wurde verändert.</translation>
    </message>
    <message>
        <source>The index %1 was changed.</source>
        <translation>Der Index %1 wurde verändert.</translation>
    </message>
    <message>
        <source>The trigger %1 was changed.</source>
        <translation>Der Trigger %1 wurde verändert.</translation>
    </message>
    <message>
        <source>The columns of %1 are in another order, which does no harm.</source>
        <translation>Die Spalten von %1 stehen in anderer Reihenfolge; das schadet nicht.</translation>
    </message>
    <message>
        <source>Somebody has added the column %1, which does no harm.</source>
        <translation>Jemand hat die Spalte %1 hinzugefügt; das schadet nicht.</translation>
    </message>
    <message>
        <source>Somebody has added %1, which does no harm.</source>
        <translation>Jemand hat %1 hinzugefügt; das schadet nicht.</translation>
    </message>
    <message>
        <source>Rows of %1 that belong to something which is not there: %2.</source>
        <translation>Zeilen von %1, die zu etwas gehören, das es nicht gibt: %2.</translation>
    </message>
    <message>
        <source>Keys of %1 that occur more than once: %2.</source>
        <translation>Schlüssel von %1, die mehrmals vorkommen: %2.</translation>
    </message>
    <message>
        <source>Rows of %1 whose key does not fit what they are made of: %2.</source>
        <translation>Zeilen von %1, deren Schlüssel nicht zu ihrem Inhalt passt: %2.</translation>
    </message>
    <message>
        <source>Rows of %1 that contradict themselves: %2.</source>
        <translation>Zeilen von %1, die sich widersprechen: %2.</translation>
    </message>
    <message>
        <source>Rows of %1 with a value of the wrong kind: %2.</source>
        <translation>Zeilen von %1 mit einem Wert der falschen Art: %2.</translation>
    </message>
    <message>
        <source>Rows of %1 that were changed after they had been written: %2.</source>
        <translation>Zeilen von %1, die nach dem Schreiben verändert wurden: %2.</translation>
    </message>
    <message>
        <source>Rows of %1 without a checksum, such as other programs write them: %2.</source>
        <translation>Zeilen von %1 ohne Prüfsumme, wie andere Programme sie schreiben: %2.</translation>
    </message>
    <message>
        <source>The counts that are kept of the jobs do not fit the jobs.</source>
        <translation>Die mitgeführten Zahlen passen nicht zu den Aufträgen.</translation>
    </message>
    <message>
        <source>The ledger&apos;s facts about itself are incomplete.</source>
        <translation>Die Angaben des Journals über sich selbst sind unvollständig.</translation>
    </message>
    <message>
        <source>Jobs that would never be taken up again: %1.</source>
        <translation>Aufträge, die nie wieder aufgenommen würden: %1.</translation>
    </message>
    <message>
        <source>Rows that a repair could not put back into their table, and kept aside: %1.</source>
        <translation>Zeilen, die eine Reparatur nicht in ihre Tabelle zurückbringen konnte und aufgehoben hat: %1.</translation>
    </message>
    <message>
        <source>Jobs whose worker has not reported in time: %1.</source>
        <translation>Aufträge, deren Arbeiter sich nicht rechtzeitig gemeldet hat: %1.</translation>
    </message>
    <message>
        <source>Jobs that are reserved further ahead than any worker may: %1.</source>
        <translation>Aufträge, die länger im Voraus belegt sind, als ein Arbeiter darf: %1.</translation>
    </message>
    <message>
        <source>Operations that were begun and that nobody works on any more: %1.</source>
        <translation>Vorgänge, die begonnen wurden und an denen niemand mehr arbeitet: %1.</translation>
    </message>
    <message>
        <source>SQLite would search all jobs instead of using the index that is there for it.</source>
        <translation>SQLite würde alle Aufträge durchsuchen, statt den Index zu benutzen, der dafür da ist.</translation>
    </message>
    <message>
        <source>The ledger&apos;s log has grown to %1.</source>
        <translation>Das Protokoll des Journals (WAL) ist auf %1 gewachsen.</translation>
    </message>
    <message>
        <source>There is little room left beside the ledger: %1.</source>
        <translation>Neben dem Journal ist nur noch wenig Platz: %1.</translation>
    </message>
    <message>
        <source>The ledger lies on a network file system.</source>
        <translation>Das Journal liegt auf einem Netzlaufwerk.</translation>
    </message>
    <message>
        <source>This SQLite has a fault that can damage the ledger, and the lock that keeps it away is not there.</source>
        <translation>Dieses SQLite hat einen Fehler, der das Journal beschädigen kann, und die Sperre, die ihn fernhält, ist nicht da.</translation>
    </message>
    <message>
        <source>There is no backup of this ledger.</source>
        <translation>Von diesem Journal gibt es keine Sicherung.</translation>
    </message>
    <message>
        <source>The last backup is old; its age in days: %1.</source>
        <translation>Die letzte Sicherung ist alt; ihr Alter in Tagen: %1.</translation>
    </message>
    <message>
        <source>The last backup is old.</source>
        <translation>Die letzte Sicherung ist alt.</translation>
    </message>
    <message>
        <source>Files of finished jobs that are not where they were filed: %1.</source>
        <translation>Dateien erledigter Aufträge, die nicht mehr dort liegen, wo sie abgelegt wurden: %1.</translation>
    </message>
    <message>
        <source>Files of finished jobs that do not have the size which they were filed with: %1.</source>
        <translation>Dateien erledigter Aufträge, die nicht mehr so groß sind wie bei der Ablage: %1.</translation>
    </message>
    <message>
        <source>Files of finished jobs whose content is not what was filed: %1.</source>
        <translation>Dateien erledigter Aufträge, deren Inhalt nicht der abgelegte ist: %1.</translation>
    </message>
    <message>
        <source>Files of finished jobs that somebody has changed since: %1.</source>
        <translation>Dateien erledigter Aufträge, die jemand seither geändert hat: %1.</translation>
    </message>
    <message>
        <source>The folder %1 is not there; files in it that were not looked at: %2.</source>
        <translation>Der Ordner %1 ist nicht da; Dateien darin, die nicht geprüft wurden: %2.</translation>
    </message>
    <message>
        <source>Unfinished files in %1 that belong to no job: %2.</source>
        <translation>Unfertige Dateien in %1, die zu keinem Auftrag gehören: %2.</translation>
    </message>
    <message>
        <source>Contents that are filed under several works: %1.</source>
        <translation>Inhalte, die unter mehreren Werken abgelegt sind: %1.</translation>
    </message>
    <message>
        <source>The next start mends this, after a backup; if rows are lost with it, “ingather-cli repair --plan” says what can be done.</source>
        <translation>Der nächste Start behebt das nach einer Sicherung; wenn dabei Zeilen fehlen, sagt „ingather-cli repair --plan“, was sich tun lässt.</translation>
    </message>
    <message>
        <source>The next start mends this by itself, after a backup.</source>
        <translation>Der nächste Start behebt das von selbst, nach einer Sicherung.</translation>
    </message>
    <message>
        <source>“ingather-cli repair --plan” says what would be done, “ingather-cli repair” does it.</source>
        <translation>„ingather-cli repair --plan“ sagt, was getan würde, „ingather-cli repair“ tut es.</translation>
    </message>
    <message>
        <source>“ingather-cli migrate” does it, after a backup; so do get, add, import and run.</source>
        <translation>„ingather-cli migrate“ tut es nach einer Sicherung; ebenso get, add, import und run.</translation>
    </message>
    <message>
        <source>get, add, import and run create it.</source>
        <translation>get, add, import und run legen es an.</translation>
    </message>
    <message>
        <source>The next “ingather-cli run” goes on with them.</source>
        <translation>Das nächste „ingather-cli run“ setzt sie fort.</translation>
    </message>
    <message>
        <source>“ingather-cli backup FILE” makes one.</source>
        <translation>„ingather-cli backup DATEI“ legt eine an.</translation>
    </message>
    <message>
        <source>They are in the table ingather_salvage, with the reason of each.</source>
        <translation>Sie stehen mit ihrem Grund in der Tabelle ingather_salvage.</translation>
    </message>
    <message>
        <source>Look at the path, the permissions and the disk.</source>
        <translation>Prüfen Sie den Pfad, die Rechte und den Datenträger.</translation>
    </message>
    <message>
        <source>Use the version of Ingather that wrote it.</source>
        <translation>Benutzen Sie die Version von Ingather, die es geschrieben hat.</translation>
    </message>
    <message>
        <source>Look at the clocks of the machines that work with this ledger: a wrong one can have done it.</source>
        <translation>Prüfen Sie die Uhren der Rechner, die mit diesem Journal arbeiten: Eine falsche kann die Ursache sein.</translation>
    </message>
    <message>
        <source>End the programs that have the ledger open; one that reads for long keeps it from shrinking.</source>
        <translation>Beenden Sie die Programme, die das Journal geöffnet haben; eines, das lange liest, hindert es am Schrumpfen.</translation>
    </message>
    <message>
        <source>Make room: a repair needs three times the size of the ledger.</source>
        <translation>Schaffen Sie Platz: Eine Reparatur braucht das Dreifache der Größe des Journals.</translation>
    </message>
    <message>
        <source>Move the ledger to a local disk; there it is faster and safer.</source>
        <translation>Verlegen Sie das Journal auf einen lokalen Datenträger; dort ist es schneller und sicherer.</translation>
    </message>
    <message>
        <source>Let no other program than Ingather write to it; any command that writes makes the lock.</source>
        <translation>Lassen Sie kein anderes Programm als Ingather hineinschreiben; jeder Befehl, der schreibt, legt die Sperre an.</translation>
    </message>
    <message>
        <source>“ingather-cli backup FILE” makes a new one.</source>
        <translation>„ingather-cli backup DATEI“ legt eine neue an.</translation>
    </message>
    <message>
        <source>“ingather-cli retry JOB” fetches a file again; health --json names the jobs.</source>
        <translation>„ingather-cli retry AUFTRAG“ lädt eine Datei noch einmal; health --json nennt die Aufträge.</translation>
    </message>
    <message>
        <source>Look at the disk and at who may write there; move such a file away, and “ingather-cli retry JOB” fetches it again.</source>
        <translation>Prüfen Sie den Datenträger und wer dort schreiben darf; legen Sie eine solche Datei beiseite, und „ingather-cli retry AUFTRAG“ lädt sie noch einmal.</translation>
    </message>
    <message>
        <source>Connect the volume and look again.</source>
        <translation>Schließen Sie den Datenträger an und prüfen Sie noch einmal.</translation>
    </message>
    <message>
        <source>healthy</source>
        <translation>in Ordnung</translation>
    </message>
    <message>
        <source>degraded</source>
        <translation>beeinträchtigt</translation>
    </message>
    <message>
        <source>broken</source>
        <translation>beschädigt</translation>
    </message>
    <message>
        <source>well</source>
        <translation>gut</translation>
    </message>
    <message>
        <source>note</source>
        <translation>Hinweis</translation>
    </message>
    <message>
        <source>warning</source>
        <translation>Warnung</translation>
    </message>
    <message>
        <source>error</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>checking pages</source>
        <translation>Seiten werden geprüft</translation>
    </message>
    <message>
        <source>checking keys</source>
        <translation>Schlüssel werden geprüft</translation>
    </message>
    <message>
        <source>checking rows</source>
        <translation>Zeilen werden geprüft</translation>
    </message>
    <message>
        <source>checking files</source>
        <translation>Dateien werden geprüft</translation>
    </message>
    <message>
        <source>copying the ledger</source>
        <translation>das Journal wird kopiert</translation>
    </message>
    <message>
        <source>reading pages</source>
        <translation>Seiten werden gelesen</translation>
    </message>
    <message>
        <source>writing rows</source>
        <translation>Zeilen werden geschrieben</translation>
    </message>
    <message>
        <source>checking the new ledger</source>
        <translation>das neue Journal wird geprüft</translation>
    </message>
    <message>
        <source>compressing</source>
        <translation>es wird komprimiert</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>There is nothing to repair.</source>
        <translation>Es gibt nichts zu reparieren.</translation>
    </message>
    <message>
        <source>What is missing is made again, and indexes and counts are rebuilt.</source>
        <translation>Was fehlt, wird neu angelegt; Indizes und Zahlen werden neu aufgebaut.</translation>
    </message>
    <message>
        <source>Tables that were changed are written anew.</source>
        <translation>Veränderte Tabellen werden neu geschrieben.</translation>
    </message>
    <message>
        <source>Everything that can still be read is carried over into a new ledger.</source>
        <translation>Alles, was noch lesbar ist, wird in ein neues Journal übernommen.</translation>
    </message>
</context>
<context>
    <name>ingather::models::Format</name>
    <message>
        <source>%1 B</source>
        <comment>bytes</comment>
        <translation>%1 B</translation>
    </message>
    <message>
        <source>%1/s</source>
        <comment>an amount of data a second</comment>
        <translation>%1/s</translation>
    </message>
    <message>
        <source>%1 d %2 h</source>
        <comment>days and hours</comment>
        <translation>%1 T. %2 Std.</translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <comment>hours and minutes</comment>
        <translation>%1 Std. %2 Min.</translation>
    </message>
    <message>
        <source>%1 min %2 s</source>
        <comment>minutes and seconds</comment>
        <translation>%1 Min. %2 s</translation>
    </message>
    <message>
        <source>%1 s</source>
        <comment>seconds</comment>
        <translation>%1 s</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <comment>milliseconds</comment>
        <translation>%1 ms</translation>
    </message>
    <message>
        <source>%1 %</source>
        <comment>percent</comment>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>this program</source>
        <translation>dieses Programm</translation>
    </message>
    <message>
        <source>%1, process %2</source>
        <comment>name of a machine, process number</comment>
        <translation>%1, Prozess %2</translation>
    </message>
    <message>
        <source>Ask the server</source>
        <translation>Server befragen</translation>
    </message>
    <message>
        <source>Check the part</source>
        <translation>Teil prüfen</translation>
    </message>
    <message>
        <source>Receive</source>
        <translation>Empfangen</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Ablegen</translation>
    </message>
    <message>
        <source>Register</source>
        <translation>Eintragen</translation>
    </message>
    <message>
        <source>Copy a held file</source>
        <translation>Vorhandene Datei kopieren</translation>
    </message>
    <message>
        <source>under way</source>
        <comment>an operation is</comment>
        <translation>läuft</translation>
    </message>
    <message>
        <source>done</source>
        <comment>an operation is</comment>
        <translation>fertig</translation>
    </message>
    <message>
        <source>failed</source>
        <comment>an operation has</comment>
        <translation>fehlgeschlagen</translation>
    </message>
    <message>
        <source>given up</source>
        <comment>an operation was</comment>
        <translation>aufgegeben</translation>
    </message>
    <message>
        <source>Delete the file</source>
        <translation>Datei löschen</translation>
    </message>
    <message>
        <source>Compare with the disk</source>
        <translation>Mit dem Datenträger vergleichen</translation>
    </message>
</context>
<context>
    <name>ingather::models::JobTableModel</name>
    <message>
        <source>%1 of %2</source>
        <comment>amounts of data</comment>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>%1; the size is not known</source>
        <comment>an amount of data</comment>
        <translation>%1; die Größe ist nicht bekannt</translation>
    </message>
    <message>
        <source>Which worker is fetching the job at the moment</source>
        <translation>Welcher Arbeiter den Auftrag gerade lädt</translation>
    </message>
    <message>
        <source>How long the worker may keep the job without a sign of life</source>
        <translation>Wie lange der Arbeiter den Auftrag ohne Lebenszeichen behalten darf</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>Tempo</translation>
    </message>
    <message>
        <source>Remaining</source>
        <translation>Restzeit</translation>
    </message>
    <message>
        <source>Worker</source>
        <translation>Arbeiter</translation>
    </message>
    <message>
        <source>Lease left</source>
        <translation>Leihfrist</translation>
    </message>
    <message>
        <source>Host</source>
        <translation>Server</translation>
    </message>
    <message>
        <source>Added</source>
        <translation>Hinzugefügt</translation>
    </message>
</context>
<context>
    <name>ingather::models::JobText</name>
    <message>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>Done (copied)</source>
        <translation>Fertig (kopiert)</translation>
    </message>
    <message>
        <source>Was there already</source>
        <translation>War schon vorhanden</translation>
    </message>
    <message>
        <source>Failed: %1</source>
        <translation>Fehlgeschlagen: %1</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Fehlgeschlagen</translation>
    </message>
    <message>
        <source>Pausing…</source>
        <translation>Wird angehalten …</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>Angehalten</translation>
    </message>
    <message>
        <source>Cancelling…</source>
        <translation>Wird abgebrochen …</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>Abgebrochen</translation>
    </message>
    <message>
        <source>Worker gone</source>
        <translation>Arbeiter verschwunden</translation>
    </message>
    <message>
        <source>Resuming</source>
        <translation>Setzt fort</translation>
    </message>
    <message>
        <source>Receiving</source>
        <translation>Empfängt</translation>
    </message>
    <message>
        <source>Registering</source>
        <translation>Trägt ein</translation>
    </message>
    <message>
        <source>Connecting</source>
        <translation>Verbindet</translation>
    </message>
    <message>
        <source>Waiting: %1</source>
        <translation>Wartet: %1</translation>
    </message>
    <message>
        <source>Retry in %1</source>
        <translation>Neuer Versuch in %1</translation>
    </message>
    <message>
        <source>Queued to retry</source>
        <translation>Wartet auf neuen Versuch</translation>
    </message>
    <message>
        <source>Queued to go on</source>
        <translation>Wartet auf Fortsetzung</translation>
    </message>
    <message>
        <source>Queued</source>
        <translation>Wartet</translation>
    </message>
    <message>
        <source>It is not tried again by itself; choose Retry for another go.</source>
        <translation>Es wird nicht von selbst wiederholt; wählen Sie „Wiederholen“ für einen neuen Versuch.</translation>
    </message>
    <message>
        <source>It is paused; choose Resume to go on.</source>
        <translation>Der Auftrag ist angehalten; wählen Sie „Fortsetzen“, um weiterzumachen.</translation>
    </message>
    <message>
        <source>It is cancelled; choose Retry to begin again.</source>
        <translation>Der Auftrag ist abgebrochen; wählen Sie „Wiederholen“, um neu zu beginnen.</translation>
    </message>
    <message>
        <source>Ingather looks again in %1; this counts as no attempt.</source>
        <translation>Ingather sieht in %1 wieder nach; das zählt nicht als Versuch.</translation>
    </message>
    <message>
        <source>Next try in %1, after %2 of at most %3 attempts.</source>
        <translation>Nächster Versuch in %1, nach %2 von höchstens %3 Versuchen.</translation>
    </message>
    <message numerus="yes">
        <source>Next try in %1, after %n attempt(s).</source>
        <translation>
            <numerusform>Nächster Versuch in %1, nach %n Versuch.</numerusform>
            <numerusform>Nächster Versuch in %1, nach %n Versuchen.</numerusform>
        </translation>
    </message>
    <message>
        <source>It is being worked on.</source>
        <translation>Der Auftrag ist in Arbeit.</translation>
    </message>
    <message>
        <source>It waits for its turn.</source>
        <translation>Der Auftrag wartet, bis er an der Reihe ist.</translation>
    </message>
    <message>
        <source>Done, as recorded by another program; Ingather has not checked the file.</source>
        <translation>Fertig, wie von einem anderen Programm vermerkt; Ingather hat die Datei nicht geprüft.</translation>
    </message>
    <message>
        <source>Done: the whole file was received, checked and filed.</source>
        <translation>Fertig: Die ganze Datei wurde empfangen, geprüft und abgelegt.</translation>
    </message>
    <message>
        <source>Done: the same content was held already, so it was copied from there.</source>
        <translation>Fertig: Derselbe Inhalt war schon vorhanden und wurde von dort kopiert.</translation>
    </message>
    <message>
        <source>Nothing to do: the file was there already.</source>
        <translation>Nichts zu tun: Die Datei war schon vorhanden.</translation>
    </message>
    <message>
        <source>Active</source>
        <comment>jobs being fetched</comment>
        <translation>Aktiv</translation>
    </message>
    <message>
        <source>Waiting</source>
        <comment>jobs not begun yet or to be tried again</comment>
        <translation>Wartend</translation>
    </message>
    <message>
        <source>Done</source>
        <comment>jobs</comment>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>Failed</source>
        <comment>jobs</comment>
        <translation>Fehlgeschlagen</translation>
    </message>
    <message>
        <source>Paused or cancelled</source>
        <comment>jobs</comment>
        <translation>Angehalten oder abgebrochen</translation>
    </message>
    <message>
        <source>Recorded by another program, not checked</source>
        <translation>Von einem anderen Programm vermerkt, nicht geprüft</translation>
    </message>
    <message>
        <source>Received whole; no expected SHA-256 was given</source>
        <translation>Vollständig empfangen; es war kein SHA-256 vorgegeben</translation>
    </message>
    <message>
        <source>Will be compared with the expected SHA-256</source>
        <translation>Wird mit dem erwarteten SHA-256 verglichen</translation>
    </message>
    <message>
        <source>Nothing changed.</source>
        <translation>Nichts hat sich geändert.</translation>
    </message>
    <message numerus="yes">
        <source>%n job(s) paused.</source>
        <translation>
            <numerusform>%n Auftrag angehalten.</numerusform>
            <numerusform>%n Aufträge angehalten.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n job(s) resumed.</source>
        <translation>
            <numerusform>%n Auftrag fortgesetzt.</numerusform>
            <numerusform>%n Aufträge fortgesetzt.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n job(s) cancelled.</source>
        <translation>
            <numerusform>%n Auftrag abgebrochen.</numerusform>
            <numerusform>%n Aufträge abgebrochen.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n job(s) queued again.</source>
        <translation>
            <numerusform>%n Auftrag erneut eingereiht.</numerusform>
            <numerusform>%n Aufträge erneut eingereiht.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n added</source>
        <comment>addresses</comment>
        <translation>
            <numerusform>%n hinzugefügt</numerusform>
            <numerusform>%n hinzugefügt</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n queued again</source>
        <comment>addresses</comment>
        <translation>
            <numerusform>%n erneut eingereiht</numerusform>
            <numerusform>%n erneut eingereiht</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n known already</source>
        <comment>addresses</comment>
        <translation>
            <numerusform>%n schon bekannt</numerusform>
            <numerusform>%n schon bekannt</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n done already</source>
        <comment>addresses</comment>
        <translation>
            <numerusform>%n schon fertig</numerusform>
            <numerusform>%n schon fertig</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n known and ended or held; choose Retry or Resume</source>
        <comment>addresses</comment>
        <translation>
            <numerusform>%n bekannt, aber beendet oder angehalten; wählen Sie „Wiederholen“ oder „Fortsetzen“</numerusform>
            <numerusform>%n bekannt, aber beendet oder angehalten; wählen Sie „Wiederholen“ oder „Fortsetzen“</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n named twice</source>
        <comment>addresses</comment>
        <translation>
            <numerusform>%n doppelt genannt</numerusform>
            <numerusform>%n doppelt genannt</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n refused</source>
        <comment>addresses</comment>
        <translation>
            <numerusform>%n abgelehnt</numerusform>
            <numerusform>%n abgelehnt</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing added.</source>
        <translation>Nichts hinzugefügt.</translation>
    </message>
    <message>
        <source>Done, but: %1</source>
        <translation>Fertig, aber: %1</translation>
    </message>
    <message numerus="yes">
        <source>%n job(s) removed.</source>
        <translation>
            <numerusform>%n Auftrag entfernt.</numerusform>
            <numerusform>%n Aufträge entfernt.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n job(s) shown again.</source>
        <translation>
            <numerusform>%n Auftrag wieder gezeigt.</numerusform>
            <numerusform>%n Aufträge wieder gezeigt.</numerusform>
        </translation>
    </message>
    <message>
        <source>Has the digest that was expected</source>
        <translation>Hat die erwartete Prüfsumme</translation>
    </message>
</context>
<context>
    <name>ingather::models::NetworkText</name>
    <message>
        <source>no server can be reached; waiting for the network, no attempt is counted</source>
        <translation>kein Server ist zu erreichen; es wird auf das Netz gewartet, kein Versuch wird gezählt</translation>
    </message>
    <message>
        <source>a login page answers for every server; waiting until it lets through, no attempt is counted</source>
        <translation>eine Anmeldeseite antwortet für alle Server; es wird gewartet, bis sie durchlässt, kein Versuch wird gezählt</translation>
    </message>
    <message>
        <source>the network is back</source>
        <translation>das Netz ist wieder da</translation>
    </message>
</context>
<context>
    <name>ingather::models::OpTableModel</name>
    <message>
        <source>Ended %1</source>
        <translation>Beendet %1</translation>
    </message>
    <message>
        <source>Not ended</source>
        <translation>Nicht beendet</translation>
    </message>
    <message>
        <source>Number of the claim that this was done under: epoch and count</source>
        <translation>Nummer der Übernahme, unter der dies geschah: Epoche und Zähler</translation>
    </message>
    <message>
        <source>Intended:</source>
        <translation>Vorhaben:</translation>
    </message>
    <message>
        <source>Result:</source>
        <translation>Ergebnis:</translation>
    </message>
    <message>
        <source>Operation</source>
        <translation>Vorgang</translation>
    </message>
    <message>
        <source>Phase</source>
        <translation>Phase</translation>
    </message>
    <message>
        <source>Attempt</source>
        <translation>Versuch</translation>
    </message>
    <message>
        <source>Started</source>
        <translation>Begonnen</translation>
    </message>
    <message>
        <source>Duration</source>
        <translation>Dauer</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>Ergebnis</translation>
    </message>
    <message>
        <source>Fence</source>
        <translation>Marke</translation>
    </message>
    <message>
        <source>Worker</source>
        <translation>Arbeiter</translation>
    </message>
    <message>
        <source>Detail</source>
        <translation>Einzelheiten</translation>
    </message>
</context>
<context>
    <name>ingather::models::StatusSummary</name>
    <message>
        <source>%1 active</source>
        <comment>jobs</comment>
        <translation>%1 aktiv</translation>
    </message>
    <message>
        <source>%1 waiting</source>
        <comment>jobs</comment>
        <translation>%1 wartend</translation>
    </message>
    <message>
        <source>%1 done</source>
        <comment>jobs</comment>
        <translation>%1 fertig</translation>
    </message>
    <message>
        <source>%1 failed</source>
        <comment>jobs</comment>
        <translation>%1 fehlgeschlagen</translation>
    </message>
    <message>
        <source>%1 paused or cancelled</source>
        <comment>jobs</comment>
        <translation>%1 angehalten oder abgebrochen</translation>
    </message>
    <message>
        <source>No jobs</source>
        <translation>Keine Aufträge</translation>
    </message>
    <message numerus="yes">
        <source>%Ln job(s)</source>
        <translation>
            <numerusform>%Ln Auftrag</numerusform>
            <numerusform>%Ln Aufträge</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln job(s) waiting for the network, no attempt is counted</source>
        <translation>
            <numerusform>%Ln Auftrag wartet auf das Netz; kein Versuch wird gezählt</numerusform>
            <numerusform>%Ln Aufträge warten auf das Netz; kein Versuch wird gezählt</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ingather::models::VolumeText</name>
    <message>
        <source>%1 (and further folders on that volume: %2)</source>
        <translation>%1 (und weitere Ordner auf diesem Datenträger: %2)</translation>
    </message>
    <message>
        <source>%1 can be written again</source>
        <translation>%1 nimmt wieder Dateien auf</translation>
    </message>
    <message>
        <source>%1 is full; jobs that wait for room: %2, no attempt is counted</source>
        <translation>%1 ist voll; so viele Aufträge warten auf Platz: %2, kein Versuch wird gezählt</translation>
    </message>
    <message>
        <source>%1 reports errors; jobs that wait for it: %2, no attempt is counted</source>
        <translation>%1 meldet Fehler; so viele Aufträge warten darauf: %2, kein Versuch wird gezählt</translation>
    </message>
    <message>
        <source>%1 is not there; jobs that wait for it: %2, no attempt is counted</source>
        <translation>%1 ist nicht da; so viele Aufträge warten darauf: %2, kein Versuch wird gezählt</translation>
    </message>
</context>
</TS>
