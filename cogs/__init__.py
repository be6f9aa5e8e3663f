"""The edge: commands, buttons and modals. Each cog parses, calls one service and renders."""
