import Arguments
import Testing

@Suite("A command line")
struct ProgramTests {
    private let program = Program(
        name: "ovend", version: "1.2", summary: "bakes",
        commands: [
            Command(
                "bake", "Bakes bread.", operands: [Operand("DOUGH", "what to bake")],
                options: [Option("heat", "DEGREES", "how hot"), .toggle("steam", "with steam")]),
            Command("mix", "Mixes dough.", options: [Option("flour", "KIND", "a flour to take", repeats: true)]),
            Command("timer set", "Sets the timer.", operands: [Operand("NAME", "which", isRequired: false)]),
            Command("timer list", "Lists the timers."),
            Command("sell", "Sells bread.", options: [Option("price", "CENTS", "for how much", isRequired: true)]),
        ])

    private func parsed(_ arguments: [String]) throws -> ParsedArguments {
        guard case .run(_, let parsed) = try program.read(arguments) else {
            throw UsageError.noCommand(known: [])
        }
        return parsed
    }

    @Test("gives options by a space or an equals sign, anywhere among the operands")
    func values() throws {
        for arguments in [["bake", "rye", "--heat", "220"], ["bake", "--heat=220", "rye"]] {
            let parsed = try parsed(arguments)
            #expect(parsed["heat"] == "220")
            #expect(parsed.operands == ["rye"])
            #expect(!parsed.has("steam"))
        }
        #expect(try parsed(["bake", "--steam", "rye"]).has("steam"))
        #expect(try parsed(["bake", "--", "--heat"]).operands == ["--heat"])
        #expect(try parsed(["bake", "--heat=a=b", "x"])["heat"] == "a=b")
        #expect(try parsed(["timer", "set"]).operands == [])
    }

    @Test("may give an option again where it is one of several")
    func repetition() throws {
        #expect(try parsed(["mix", "--flour", "rye", "--flour=oat"]).all("flour") == ["rye", "oat"])
        let empty = try parsed(["mix"])
        #expect(empty.all("flour").isEmpty)
        let error = #expect(throws: UsageError.self) { try empty.required("flour") }
        #expect(error?.description == "--flour KIND is missing: a flour to take")
    }

    @Test(
        "that makes no sense says what would",
        arguments: [
            ([], "which command? one of: bake, mix, timer set, timer list, sell"),
            (["bak", "x"], "there is no command \"bak\"; did you mean bake?"),
            (["dance"], "there is no command \"dance\"; commands: bake, mix, timer set, timer list, sell"),
            (["timer"], "which command? one of: timer set, timer list"),
            (["timer", "lst"], "there is no command \"timer lst\"; did you mean timer list?"),
            (["bake", "x", "--haet", "1"], "there is no option --haet; did you mean --heat?"),
            (["bake", "x", "--loudness=9"], "there is no option --loudness; options: --heat, --steam"),
            (["timer", "list", "-v"], "there is no option -v; it takes none"),
            (["bake", "x", "--heat"], "--heat needs a value: --heat DEGREES"),
            (["bake", "x", "--heat", "--steam"], "--heat needs a value: --heat DEGREES"),
            (["bake", "x", "--heat="], "--heat needs a value: --heat DEGREES"),
            (["bake", "x", "--heat", ""], "--heat needs a value: --heat DEGREES"),
            (["bake", "x", "--steam=yes"], "--steam takes no value"),
            (["bake", "x", "--heat=1", "--heat=2"], "--heat is given twice"),
            (["bake"], "DOUGH is missing: what to bake"),
            (["bake", "x", "y"], "bake does not take \"y\""),
        ] as [([String], String)])
    func faults(arguments: [String], message: String) {
        let error = #expect(throws: UsageError.self) { try program.read(arguments) }
        #expect(error?.description == message)
    }

    @Test("has whole numbers checked against their range")
    func integers() throws {
        #expect(try parsed(["bake", "x", "--heat", "220"]).integer("heat", in: 1...300) == 220)
        #expect(try parsed(["bake", "x"]).integer("heat", in: 1...300) == nil)
        for wrong in ["0", "301", "hot", "99999999999999999999"] {
            let parsed = try parsed(["bake", "x", "--heat=\(wrong)"])
            let error = #expect(throws: UsageError.self) { try parsed.integer("heat", in: 1...300) }
            #expect(error?.description == "--heat is \"\(wrong)\"; it must be a whole number from 1 to 300")
        }
    }

    @Test("asks for help of the program, of a command, or of a group of commands; or for the version")
    func help() throws {
        #expect(try program.read(["--version"]) == .print("ovend 1.2\n"))
        #expect(try program.read(["-h"]) == .print(program.help))
        #expect(try program.read(["bake", "--help"]) == .print(program.help(of: program.commands[0])))
        #expect(
            program.help(of: program.commands[0]) == """
                usage: ovend bake DOUGH [options]

                Bakes bread.

                  DOUGH           what to bake
                  --heat DEGREES  how hot
                  --steam         with steam

                """)
        #expect(program.help(of: program.commands[4]).hasPrefix("usage: ovend sell --price CENTS\n"))
        guard case .print(let group) = try program.read(["timer", "--help"]) else {
            Issue.record("the help of a group is printed")
            return
        }
        #expect(group.contains("ovend timer set [NAME]") && group.contains("ovend timer list"))
    }
}
