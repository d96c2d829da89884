<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>ingather::cli::Hosts</name>
    <message numerus="yes">
        <source>has put us off %n time(s)</source>
        <translation>
            <numerusform>has put us off once</numerusform>
            <numerusform>has put us off %n times</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>forgot what was known of %n host(s)</source>
        <translation>
            <numerusform>forgot what was known of %n host</numerusform>
            <numerusform>forgot what was known of %n hosts</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ingather::gui::AddDialog</name>
    <message numerus="yes">
        <source>%n address(es) to add.</source>
        <translation>
            <numerusform>%n address to add.</numerusform>
            <numerusform>%n addresses to add.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>… and %n more line(s).</source>
        <translation>
            <numerusform>… and %n more line.</numerusform>
            <numerusform>… and %n more lines.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ingather::gui::MainWindow</name>
    <message numerus="yes">
        <source>Cancel %n job(s)? What they have received so far is deleted.</source>
        <translation>
            <numerusform>Cancel %n job? What it has received so far is deleted.</numerusform>
            <numerusform>Cancel %n jobs? What they have received so far is deleted.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ingather::models::JobText</name>
    <message numerus="yes">
        <source>Next try in %1, after %n attempt(s).</source>
        <translation>
            <numerusform>Next try in %1, after %n attempt.</numerusform>
            <numerusform>Next try in %1, after %n attempts.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n job(s) paused.</source>
        <translation>
            <numerusform>%n job paused.</numerusform>
            <numerusform>%n jobs paused.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n job(s) resumed.</source>
        <translation>
            <numerusform>%n job resumed.</numerusform>
            <numerusform>%n jobs resumed.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n job(s) cancelled.</source>
        <translation>
            <numerusform>%n job cancelled.</numerusform>
            <numerusform>%n jobs cancelled.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n job(s) queued again.</source>
        <translation>
            <numerusform>%n job queued again.</numerusform>
            <numerusform>%n jobs queued again.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n added</source>
        <comment>addresses</comment>
        <translation>
            <numerusform>%n added</numerusform>
            <numerusform>%n added</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n queued again</source>
        <comment>addresses</comment>
        <translation>
            <numerusform>%n queued again</numerusform>
            <numerusform>%n queued again</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n known already</source>
        <comment>addresses</comment>
        <translation>
            <numerusform>%n known already</numerusform>
            <numerusform>%n known already</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n done already</source>
        <comment>addresses</comment>
        <translation>
            <numerusform>%n done already</numerusform>
            <numerusform>%n done already</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n known and ended or held; choose Retry or Resume</source>
        <comment>addresses</comment>
        <translation>
            <numerusform>%n known and ended or held; choose Retry or Resume</numerusform>
            <numerusform>%n known and ended or held; choose Retry or Resume</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n named twice</source>
        <comment>addresses</comment>
        <translation>
            <numerusform>%n named twice</numerusform>
            <numerusform>%n named twice</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n refused</source>
        <comment>addresses</comment>
        <translation>
            <numerusform>%n refused</numerusform>
            <numerusform>%n refused</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n job(s) removed.</source>
        <translation>
            <numerusform>%n job removed.</numerusform>
            <numerusform>%n jobs removed.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n job(s) shown again.</source>
        <translation>
            <numerusform>%n job shown again.</numerusform>
            <numerusform>%n jobs shown again.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ingather::models::StatusSummary</name>
    <message numerus="yes">
        <source>%Ln job(s)</source>
        <translation>
            <numerusform>%Ln job</numerusform>
            <numerusform>%Ln jobs</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln job(s) waiting for the network, no attempt is counted</source>
        <translation>
            <numerusform>%Ln job waiting for the network, no attempt is counted</numerusform>
            <numerusform>%Ln jobs waiting for the network, no attempt is counted</numerusform>
        </translation>
    </message>
</context>
</TS>
